import { randomInt, randomUUID } from 'node:crypto'

/** Events of each report: as many as one may hold. */
export const eventsPerReport = 1000

/** A report as it goes over the wire. */
export interface Report {
  body: Buffer
  idempotencyKey: string
}

const addressesPerKey = 6

/** One of the few addresses that a key is used from: `index` tells keys apart, `nth` the addresses of one. */
export function addressOf(index: number, nth: number): string {
  return `10.${(index >> 8) & 255}.${index & 255}.${1 + (nth % addressesPerKey)}`
}

/** Writes one event as a service reports it, with all that Momentry keeps of one. */
export function writeEvent(keyId: string, { at, ip }: { at: number; ip: string }) {
  const status = randomInt(100) < 3 ? 500 : 200
  return { keyId, at: new Date(at).toISOString(), ip, status, latencyMs: randomInt(1, 400) }
}

export function writeReport(events: readonly object[]): Report {
  return { body: Buffer.from(JSON.stringify({ events })), idempotencyKey: randomUUID() }
}

/**
 * Writes reports as services make them: each holds the events of the last second, in their order, of keys at random.
 * @param options.until when the newest event was, ms; the reports before it are of the time before
 * @param options.reportsPerSecond how many reports share a second of event time
 */
export function writeReports(
  keyIds: readonly string[],
  count: number,
  { until, reportsPerSecond }: { until: number; reportsPerSecond: number },
): Report[] {
  const stepMs = 1000 / reportsPerSecond
  return Array.from({ length: count }, (_, index) => {
    const newest = until - (count - 1 - index) * stepMs
    return writeReport(
      Array.from({ length: eventsPerReport }, (_event, nth) => {
        const key = randomInt(keyIds.length)
        const at = Math.floor(newest - (1000 * (eventsPerReport - nth)) / eventsPerReport)
        return writeEvent(keyIds[key] ?? '', { at, ip: addressOf(key, randomInt(addressesPerKey)) })
      }),
    )
  })
}

/** Writes events of now, of keys at random. */
export function writeEvents(keyIds: readonly string[], count: number): object[] {
  return Array.from({ length: count }, () => {
    const key = randomInt(keyIds.length)
    return writeEvent(keyIds[key] ?? '', { at: Date.now(), ip: addressOf(key, randomInt(addressesPerKey)) })
  })
}

/**
 * Writes reports that give each key events over a time, step by step, as if it had been watched all along.
 * @param history.from ms
 */
export function writeHistory(
  keyIds: readonly string[],
  history: { from: number; stepSeconds: number; steps: number; eventsPerStep: number },
): Report[] {
  const { from, stepSeconds, steps, eventsPerStep } = history
  const stepMs = stepSeconds * 1000
  const reports: Report[] = []
  let events: object[] = []
  for (let step = 0; step < steps; step += 1)
    for (const [index, keyId] of keyIds.entries())
      for (let nth = 0; nth < eventsPerStep; nth += 1) {
        const at = from + step * stepMs + Math.floor((nth * stepMs) / eventsPerStep)
        events.push(writeEvent(keyId, { at, ip: addressOf(index, step + nth) }))
        if (events.length < eventsPerReport) continue
        reports.push(writeReport(events))
        events = []
      }
  return events.length > 0 ? [...reports, writeReport(events)] : reports
}
