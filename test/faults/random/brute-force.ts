import type { Accepted } from './load.ts'

/** The thresholds that a run sets; those of errors are the product's own: half of 20 requests in 5 min. */
export interface Thresholds {
  requestsPerMinute: number
  ipsPerHour: number
}

/**
 * What detection must find in events, by plain loops over all windows that end at an event, at a resolution of a second.
 * It shares no code with what it checks. A key has errors alone or none, so that it does not matter in which order events
 * arrive.
 * @returns `key:rule`, sorted
 */
export function bruteForce(events: readonly Accepted[], { requestsPerMinute, ipsPerHour }: Thresholds): string[] {
  const found = new Set<string>()
  for (const [keyId, all] of Map.groupBy(events, (event) => event.keyId)) {
    const own = all.map((event) => ({ ...event, second: Math.floor(event.at / 1000) }))
    for (const end of new Set(own.map(({ second }) => second))) {
      const within = (seconds: number) => own.filter(({ second }) => second <= end && second > end - seconds)
      if (within(60).length > requestsPerMinute) found.add(`${keyId}:high_request_rate`)
      const recent = within(300)
      if (recent.length >= 20 && recent.filter(({ status }) => status >= 400).length * 2 > recent.length)
        found.add(`${keyId}:high_error_rate`)
      if (new Set(within(3600).map(({ ip }) => ip)).size > ipsPerHour) found.add(`${keyId}:multiple_ips`)
    }
  }
  return [...found].sort()
}
