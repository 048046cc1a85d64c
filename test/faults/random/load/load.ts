import { createRandom } from '@momentry/shared/demo/random.ts'
import type { Asker } from './ask.ts'
import { type Held, runHolder } from './holder.ts'
import { type Reported, runReporter } from './reporter.ts'
import { createSeries } from './series.ts'

/** Everything that goes on while things break. */
export interface FaultLoad {
  reported: Reported
  held: Held
  /** Stops once what is under way has been answered. @throws what ended a part of it before its time */
  stop(): Promise<void>
}

export interface LoadOptions {
  seed: number
  asker: Asker
  apiUrls: () => readonly string[]
  /** The secret of an operator who may do everything. */
  operator: string
  /** Keys that are reported about, for each reporter. */
  keyIds: readonly (readonly string[])[]
  holders: number
}

/** Events lie in the past, so that neither a clock that is set wrong nor a report that is late changes what they mean. */
const historySeconds = 6 * 86_400
const newestSeconds = 86_400

/** Begins to report, and to live through keys. */
export function startFaultLoad(options: LoadOptions): FaultLoad {
  const { seed, asker, apiUrls, operator, keyIds } = options
  const now = Math.floor(Date.now() / 60_000) * 60
  const reported: Reported = { events: [], reports: 0, refused: [] }
  const held: Held = { keys: [], validations: 0, wrong: [] }
  let stopping = false
  const isStopping = () => stopping
  const reporters = keyIds.map((ids, index) =>
    runReporter(
      {
        name: `reporter-${index}`,
        ...{ asker, reported, key: operator },
        series: ids.map((id, key) => createSeries(createRandom(seed + 100 * index + key), id, now - historySeconds)),
        until: now - newestSeconds,
      },
      isStopping,
    ),
  )
  const holders = Array.from({ length: options.holders }, (_, index) =>
    runHolder(
      { name: `held-${index}`, ...{ asker, operator, apiUrls, held }, random: createRandom(seed + 10_000 + index) },
      isStopping,
    ),
  )
  const ended = Promise.all([...reporters, ...holders])
  // Whoever stops the load is told.
  ended.catch(() => undefined)
  return {
    reported,
    held,
    async stop() {
      stopping = true
      await ended
    },
  }
}
