import type { Stores } from './harness/stores.ts'

/** What each measurement of a run is made with. */
export interface Bench {
  /** How often each thing is measured, in turn with what it is compared to. */
  rounds: number
  /** How long one measurement lasts. */
  seconds: number
  /** true: all as small as shows that it works; the figures mean nothing. */
  smoke: boolean
  /** Tells a person how far it is. */
  say(line: string): void
  /** One PostgreSQL and one Redis for the whole run, started when first asked for. */
  stores(): Promise<Stores>
}

/** What one round measured, both in the row's unit. */
export interface Round {
  subject: number
  /** What it is compared to, measured beside it; absent where the row has an absolute goal. */
  reference?: number | undefined
}

/** One figure with its goal: a row of the report's table. */
export interface Row {
  /** Stands for it in file names and in docs/optimization-plan.md, such as `validate-cached`. */
  name: string
  work: string
  reference: string
  unit: 'requests/s' | 'events/s' | 'ms' | 'bytes'
  /** Of `subject / reference` where there is a reference, else of `subject`. */
  goal: { atLeast: number } | { atMost: number }
  rounds: Round[]
  /** What a reader has to know of how it came about. */
  note?: string
}

/** What is measured together, since it is set up together. */
export interface Part {
  /** As `npm run bench NAME` has it. */
  name: string
  /** What it measures, in a line. */
  title: string
  run(bench: Bench): Promise<Row[]>
}
