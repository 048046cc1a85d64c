import type { DemoEvent } from './event.ts'
import type { Random } from './random.ts'
import { activity, hourMs, type Service } from './service.ts'

const successes = [200, 200, 200, 200, 201, 204, 304] as const
const failures = [400, 404, 404, 429, 500] as const

/** Far below the half from which on an error rate counts as high (DESIGN.md section 7). */
const failedShare = 0.02

/**
 * Gives a service's usual traffic. Every active hour has some, so that an hour of the week that is in use never looks
 * unusual.
 * @param span from (included) and to (excluded), in milliseconds since 1970
 */
export function normalTraffic(service: Service, key: number, span: Span, random: Random): DemoEvent[] {
  const events: DemoEvent[] = []
  for (let hour = Math.floor(span.from / hourMs) * hourMs; hour < span.to; hour += hourMs) {
    const level = service.volume * activity(service.rhythm, hour)
    const count = level === 0 ? 0 : Math.max(1, Math.round((level * random.integer(80, 120)) / 100))
    for (let made = 0; made < count; made += 1) {
      const at = hour + random.integer(0, hourMs - 1)
      const event = { key, at, ip: random.pick(service.addresses), status: usualStatus(random) }
      if (at >= span.from && at < span.to) events.push(event)
    }
  }
  return events
}

export interface Span {
  from: number
  to: number
}

export function usualStatus(random: Random): number {
  return random.chance(failedShare) ? random.pick(failures) : random.pick(successes)
}
