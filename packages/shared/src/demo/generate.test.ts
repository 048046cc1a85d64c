import { describe, expect, it } from 'vitest'
import { type DemoEvent, plantedRules } from './event.ts'
import { type Demo, generateDemo } from './generate.ts'

/** A Wednesday at half past three in the afternoon, UTC. */
const wednesday = Date.UTC(2026, 0, 14, 15, 30)
const hours = [0, 5.4, 9, 14.99, 20, 33, 64.2, 88, 101, 120.5]

/**
 * What the rules of DESIGN.md section 7 find with their default thresholds, by brute force: every window that ends in a
 * second with a request, counted from scratch, for one key's events in order of time.
 */
function bruteForce(events: readonly DemoEvent[]): string[] {
  const seconds = events.map((event) => Math.floor(event.at / 1000))
  const found = new Set<string>()
  seconds.forEach((end, index) => {
    if (seconds[index + 1] === end) return
    const within = (length: number) => {
      let first = index
      while ((seconds[first - 1] ?? 0) > end - length) first -= 1
      return events.slice(first, index + 1)
    }
    if (within(60).length > 1000) found.add('high_request_rate')
    const recent = within(300)
    const failed = recent.filter((event) => event.status >= 400).length
    if (recent.length >= 20 && failed > recent.length * 0.5) found.add('high_error_rate')
    if (new Set(within(3600).map((event) => event.ip)).size > 5) found.add('multiple_ips')
  })
  const hoursOfEvents = seconds.map((second) => Math.floor(second / 3600))
  for (const hour of new Set(hoursOfEvents)) {
    const history = hoursOfEvents.filter((other) => other < hour)
    const requests = hoursOfEvents.filter((other) => other === hour).length
    const near = history.filter((other) => [167, 0, 1].includes((other - hour + 168_000) % 168)).length
    const days = (hour * 3600 - (seconds[0] ?? 0)) / 86_400
    if (days >= 14 && history.length >= 200 && requests >= 3 && near < history.length * 0.001) found.add('unusual_time')
  }
  return [...found]
}

function findAll(demo: Demo): string[] {
  return demo.keys.flatMap((_, key) => {
    const own = demo.events.filter((event) => event.key === key)
    return bruteForce(own).map((rule) => `${key} ${rule}`)
  })
}

const asText = (planted: Demo['planted']) => planted.map(({ key, rule }) => `${key} ${rule}`)

describe('generateDemo', () => {
  it.each(hours)('plants what fires, and nothing else fires, %s hours later in the week', (later) => {
    const demo = generateDemo({ seed: later * 10, keys: 8, days: 16, now: wednesday + later * 3_600_000 })
    expect(findAll(demo).sort()).toEqual(asText(demo.planted).sort())
    expect(new Set(demo.planted.map(({ rule }) => rule))).toEqual(new Set(plantedRules))
  })

  it('makes with the defaults of the command what fits into a minute', () => {
    const demo = generateDemo({ seed: 1, keys: 24, days: 21, now: wednesday })
    expect(demo.events.length).toBeGreaterThan(60_000)
    expect(demo.events.length).toBeLessThan(120_000)
    expect(demo.planted).toHaveLength(8)
  })

  it('gives events in order of time, within the days before now', () => {
    const { events } = generateDemo({ seed: 3, keys: 8, days: 16, now: wednesday })
    expect(events.every((event, index) => event.at >= (events[index - 1]?.at ?? 0))).toBe(true)
    expect(events[0]?.at).toBeGreaterThanOrEqual(wednesday - 16 * 86_400_000)
    expect(events.at(-1)?.at).toBeLessThan(wednesday)
  })

  it('gives the same for the same seed, and something else for another', () => {
    const make = (seed: number) => generateDemo({ seed, keys: 6, days: 16, now: wednesday })
    expect(make(7)).toEqual(make(7))
    expect(make(8)).not.toEqual(make(7))
  })

  it('refuses what would not hold every rule', () => {
    expect(() => generateDemo({ seed: 1, keys: 5, days: 16, now: wednesday })).toThrow(/keys: 6/)
    expect(() => generateDemo({ seed: 1, keys: 6, days: 15, now: wednesday })).toThrow(/days: 16/)
  })
})
