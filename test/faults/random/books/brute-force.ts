import type { SentEvent } from '../load/series.ts'

/*
 * What detection must find in what was sent, by plain loops over sorted events (DESIGN.md section 7). Independent on
 * purpose: it shares no code with what it checks. The thresholds are those of the run.
 */
interface Rule {
  name: string
  /** Seconds of calm after which an anomaly is over. */
  quiet: number
  /** What of the threshold the window that ends with an event reaches: above 1 it fires, above 0.8 it is not calm. */
  reach(window: (seconds: number) => readonly SentEvent[]): number
}

const rules: readonly Rule[] = [
  { name: 'high_request_rate', quiet: 60, reach: (window) => window(60).length / 50 },
  {
    name: 'high_error_rate',
    quiet: 300,
    reach(window) {
      const recent = window(300)
      return recent.length < 20 ? 0 : recent.filter(({ failed }) => failed).length / recent.length / 0.5
    },
  },
  { name: 'multiple_ips', quiet: 3600, reach: (window) => new Set(window(3600).map(({ ip }) => ip)).size / 5 },
]

/** @returns how many anomalies each `key rule` must have; those without any are left out */
export function bruteForce(sent: readonly SentEvent[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const [keyId, unsorted] of Map.groupBy(sent, (event) => event.keyId)) {
    const events = unsorted.toSorted((a, b) => a.second - b.second)
    for (const rule of rules) {
      const count = countEpisodes(events, rule)
      if (count > 0) found.set(`${keyId} ${rule.name}`, count)
    }
  }
  return found
}

function countEpisodes(events: readonly SentEvent[], { quiet, reach }: Rule): number {
  let episodes = 0
  let hotUntil = Number.NEGATIVE_INFINITY
  for (const [index, { second }] of events.entries()) {
    // Only the last event of a second sees all of it.
    if (events[index + 1]?.second === second) continue
    const reached = reach((seconds) => within(events, index, seconds))
    const isOpen = second <= hotUntil + quiet
    if (reached > 1 && !isOpen) episodes += 1
    if (reached > 1 || (isOpen && reached > 0.8)) hotUntil = second
  }
  return episodes
}

/** The events of the window of so many seconds that ends with the event at an index. */
function within(events: readonly SentEvent[], index: number, seconds: number): readonly SentEvent[] {
  const end = events[index]?.second ?? 0
  let first = index
  while (first > 0 && (events[first - 1]?.second ?? 0) > end - seconds) first -= 1
  return events.slice(first, index + 1)
}
