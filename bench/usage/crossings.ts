import { randomInt } from 'node:crypto'
import { addressOf, eventsPerReport, type Report, writeEvent, writeReport } from './reports.ts'

/** Reports that are sent one after the other, and which of them takes which key over its threshold. */
export interface Crossings {
  reports: Report[]
  /** By key id: the index of the report that holds the key's last event, which is one more than its threshold. */
  crossedBy: Map<string, number>
}

/**
 * Writes reports in which each key of some crosses a threshold of requests per minute at a random moment, among the events
 * of many others that do not come near it.
 * @param options.startAt when the first report is sent, ms
 * @param options.everyMs time between two reports
 */
export function writeCrossings(
  { crossing, others }: { crossing: readonly string[]; others: readonly string[] },
  options: { threshold: number; count: number; startAt: number; everyMs: number },
): Crossings {
  const { threshold, count, startAt, everyMs } = options
  const keys: string[][] = Array.from({ length: count }, () => [])
  const crossedBy = new Map<string, number>()
  for (const keyId of crossing) {
    // Not among the first, which would have to hold most of their keys' events.
    const last = randomInt(Math.floor(count / 4), count)
    crossedBy.set(keyId, last)
    for (let nth = 0; nth < threshold; nth += 1) keys[randomInt(last + 1)]?.push(keyId)
    keys[last]?.push(keyId)
  }
  const reports = keys.map((ofReport, index) => {
    while (ofReport.length < eventsPerReport) ofReport.push(others[randomInt(others.length)] ?? '')
    const sentAt = startAt + index * everyMs
    return writeReport(
      ofReport.map((keyId) => writeEvent(keyId, { at: sentAt - randomInt(1000), ip: addressOf(0, 0) })),
    )
  })
  return { reports, crossedBy }
}
