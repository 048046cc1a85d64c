import { type DemoEvent, type PlantedRule, plantedRules } from './event.ts'
import { normalTraffic, type Span } from './normal-traffic.ts'
import { plant, rhythmOf } from './plant.ts'
import { createRandom, type Random } from './random.ts'
import { hourMs, makeServices, type Rhythm, type Service } from './service.ts'

/** What `generateDemo` takes, at the least and at the most. */
export const demoLimits = {
  /** One of the right rhythm for each rule: three steady ones and one of office hours, of which every second key is. */
  keys: { least: 6, most: 96 },
  /** `unusual_time` needs 14 days of history (DESIGN.md section 7); a key's first and last day are not whole ones. */
  days: { least: 16, most: 60 },
} as const

export interface DemoOptions {
  /** The same seed and the same `now` give the same demo. */
  seed: number
  keys: number
  days: number
  /** When the last events are, in milliseconds since 1970. */
  now: number
}

export interface Demo {
  /** @property address one that its requests usually come from */
  keys: { name: string; rhythm: Rhythm; address: string }[]
  /** In order of time. */
  events: DemoEvent[]
  /** Exactly what detection with its default thresholds finds in the events. */
  planted: { key: number; rule: PlantedRule }[]
}

/**
 * Makes up days of usage: services with a rhythm of their own, some noise, and anomalies of every rule, planted near
 * the end. With the defaults of the command (24 keys, 21 days) it is some 90,000 events.
 * @throws RangeError outside `demoLimits`
 */
export function generateDemo({ seed, keys: count, days, now }: DemoOptions): Demo {
  assertWithin('keys', count, demoLimits.keys)
  assertWithin('days', days, demoLimits.days)
  const random = createRandom(seed)
  const services = makeServices(count, random)
  const span: Span = { from: now - days * 24 * hourMs, to: now }
  const planted = choosePlaces(services, random)
  const events = services.flatMap((service, key) => normalTraffic(service, key, span, random))
  for (const { key, rule } of planted) {
    for (const service of services.slice(key, key + 1)) events.push(...plant(rule, service, key, span, random))
  }
  events.sort((a, b) => a.at - b.at)
  const keys = services.map(({ name, rhythm, addresses }) => ({ name, rhythm, address: addresses[0] ?? '' }))
  return { keys, events, planted }
}

/** No key has two anomalies, and most keys have none. */
function choosePlaces(services: readonly Service[], random: Random): Demo['planted'] {
  const rounds = services.length >= 16 ? 2 : 1
  const free = random.shuffle([...services.keys()])
  const planted: Demo['planted'] = []
  for (const rule of Array.from({ length: rounds }, () => plantedRules).flat()) {
    const place = free.findIndex((key) => services[key]?.rhythm === rhythmOf[rule])
    for (const key of free.splice(place, 1)) planted.push({ key, rule })
  }
  return planted
}

function assertWithin(name: string, value: number, { least, most }: { least: number; most: number }): void {
  if (value < least || value > most) throw new RangeError(`${name}: ${least} to ${most}`)
}
