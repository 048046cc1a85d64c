import type { DemoEvent, PlantedRule } from './event.ts'
import { type Span, usualStatus } from './normal-traffic.ts'
import type { Random } from './random.ts'
import { activity, hourMs, type Rhythm, type Service } from './service.ts'

/** Which rhythm shows a rule best: a service that is never silent has no unusual time. */
export const rhythmOf: Readonly<Record<PlantedRule, Rhythm>> = {
  high_request_rate: 'steady',
  high_error_rate: 'steady',
  multiple_ips: 'steady',
  unusual_time: 'office',
}

/** Gives events that make one rule fire, with its default threshold (DESIGN.md section 7), and no other rule. */
export function plant(rule: PlantedRule, service: Service, key: number, span: Span, random: Random): DemoEvent[] {
  const hour = rule === 'unusual_time' ? lastSilentHour(service.rhythm, span.to) : lastFullHour(span.to)
  const own = () => random.pick(service.addresses)
  switch (rule) {
    case 'high_request_rate':
      // More than 1,000 within 60 s.
      return inOneMinute(times(random.integer(1200, 1600), hour, 50_000, random)).map((at) => ({
        key,
        at,
        ip: own(),
        status: usualStatus(random),
      }))
    case 'high_error_rate':
      // More than half of at least 20 within 5 min: six of seven.
      return times(random.integer(60, 90), hour, 240_000, random).map((at, index) => ({
        key,
        at,
        ip: own(),
        status: index % 7 === 0 ? 200 : random.pick([401, 403, 500, 503]),
      }))
    case 'multiple_ips': {
      // More than 5 within 60 min.
      const addresses = random.integer(8, 14)
      return times(3 * addresses, hour, 2_400_000, random).map((at, index) => ({
        key,
        at,
        status: 200,
        ip: `203.0.113.${1 + (index % addresses)}`,
      }))
    }
    case 'unusual_time':
      // 3 or more in an hour of the week that is otherwise silent, as its neighbours are.
      return times(random.integer(5, 9), hour, 1_800_000, random).map((at) => ({ key, at, ip: own(), status: 200 }))
  }
}

/** Moments in order, within `lengthMs` somewhere in the hour. */
function times(count: number, hour: number, lengthMs: number, random: Random): number[] {
  const start = hour + random.integer(0, hourMs - lengthMs)
  return Array.from({ length: count }, () => start + random.integer(0, lengthMs - 1)).sort((a, b) => a - b)
}

/** Moves moments of less than a minute into one minute of the clock, so that a back-test finds them in what is stored. */
function inOneMinute(moments: readonly number[]): number[] {
  const late = (moments[0] ?? 0) % 60_000
  return moments.map((at) => at - late)
}

function lastFullHour(end: number): number {
  return Math.floor(end / hourMs) * hourMs - hourMs
}

function lastSilentHour(rhythm: Rhythm, end: number): number {
  const isSilent = (hour: number) => activity(rhythm, hour) === 0
  let hour = lastFullHour(end)
  while (![hour - hourMs, hour, hour + hourMs].every(isSilent)) hour -= hourMs
  return hour
}
