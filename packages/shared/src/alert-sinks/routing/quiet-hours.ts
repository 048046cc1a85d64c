import type { QuietHours } from '../schemas.ts'

/**
 * Gives when the quiet time ends that a moment lies in (ms), or undefined where it lies in none. Hours are those of the
 * clock on the wall: a night is an hour shorter or longer where the clocks change, and where the time of its end is left
 * out that day, it ends at the jump.
 * @param at ms
 */
export function quietEnd({ from, to, timeZone }: QuietHours, at: number): number | undefined {
  const now = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
  const clock = now.toPlainTime().toString({ smallestUnit: 'minute' })
  if (!isWithin(clock, from, to)) return undefined
  const end = nextTime(now, to, to <= clock)
  const jump = now.getTimeZoneTransition('next')
  const isLeftOut = end.toPlainTime().toString({ smallestUnit: 'minute' }) !== to
  return (isLeftOut && jump ? jump : end).epochMilliseconds
}

/** From the first, up to but without the second; over midnight where the second is the earlier one. All are HH:MM. */
function isWithin(clock: string, from: string, to: string): boolean {
  return from <= to ? from <= clock && clock < to : from <= clock || clock < to
}

function nextTime(now: Temporal.ZonedDateTime, clock: string, tomorrow: boolean): Temporal.ZonedDateTime {
  const { hour, minute } = Temporal.PlainTime.from(clock)
  const day = tomorrow ? now.add({ days: 1 }) : now
  // Of a time that comes twice, `with` takes the one under the offset that holds already: the one that is next.
  return day.with({ hour, minute, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 })
}
