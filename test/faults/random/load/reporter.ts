import { setTimeout as pause } from 'node:timers/promises'
import type { Asker } from './ask.ts'
import type { SentEvent } from './series.ts'

/** What reporters were told: the one side of the books. */
export interface Reported {
  /** Every event that was answered 202. */
  events: SentEvent[]
  reports: number
  /** Reports that were refused for good, which none of them deserves. */
  refused: string[]
}

export interface ReporterOptions {
  name: string
  asker: Asker
  /** The secret that it reports with. */
  key: string
  /** The traffic of each of its keys. */
  series: readonly (() => SentEvent[])[]
  /** Event time never passes this second. */
  until: number
  reported: Reported
}

const pauseMs = 40

/**
 * Reports as it should be done: in order, and each report again, as it is and under its own name, until it is answered
 * 202. The name is an Idempotency-Key, or the ids of the events.
 */
export async function runReporter(options: ReporterOptions, isStopping: () => boolean): Promise<void> {
  for (let report = 0; !isStopping(); report += 1) {
    const events = options.series.flatMap((next) => next())
    if (events.some(({ second }) => second > options.until)) return
    if (events.length > 0) await send(options, `${options.name}-${report}`, report % 2 === 0, events)
    await pause(pauseMs)
  }
}

async function send(
  { asker, key, reported }: ReporterOptions,
  name: string,
  isNamed: boolean,
  events: readonly SentEvent[],
): Promise<void> {
  const { status, body } = await asker.insist({
    path: '/v1/usage',
    key,
    body: {
      events: events.map(({ keyId, second, ip, failed }, index) => ({
        ...(!isNamed && { id: `${name}-${index}` }),
        keyId,
        at: new Date(second * 1000).toISOString(),
        ip,
        status: failed ? 500 : 200,
      })),
    },
    ...(isNamed && { idempotencyKey: name }),
  })
  reported.reports += 1
  if (status === 202) reported.events.push(...events)
  else reported.refused.push(`${name}: ${status} ${JSON.stringify(body)}`)
}
