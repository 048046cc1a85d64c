import type { QuietHours } from '../schemas.ts'

/**
 * Gives when the quiet time ends that a moment lies in (ms), or undefined where it lies in none. Hours are those of the
 * clock on the wall: a night is an hour shorter or longer where the clocks change, and where they jump out of it, be it over
 * its end or back before its beginning, it ends at the jump.
 * @param at ms
 */
export function quietEnd({ from, to, timeZone }: QuietHours, at: number): number | undefined {
  const now = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
  const clock = clockOf(now)
  if (!isWithin(clock, from, to)) return undefined
  const end = nextTime(now, to, to <= clock)
  const jump = now.getTimeZoneTransition('next')
  const isOver = jump !== null && jump.epochMilliseconds < end.epochMilliseconds && !isWithin(clockOf(jump), from, to)
  return (isOver ? jump : end).epochMilliseconds
}

function clockOf(time: Temporal.ZonedDateTime): string {
  return time.toPlainTime().toString({ smallestUnit: 'minute' })
}

/** From the first, up to but without the second; over midnight where the second is the earlier one. All are HH:MM. */
function isWithin(clock: string, from: string, to: string): boolean {
  return from <= to ? from <= clock && clock < to : from <= clock || clock < to
}

function nextTime(now: Temporal.ZonedDateTime, clock: string, tomorrow: boolean): Temporal.ZonedDateTime {
  const day = (tomorrow ? now.add({ days: 1 }) : now).toPlainDate().toPlainDateTime(clock)
  const first = day.toZonedDateTime(now.timeZoneId)
  // Of a time that comes twice, the first may be over.
  return Temporal.ZonedDateTime.compare(first, now) > 0
    ? first
    : day.toZonedDateTime(now.timeZoneId, { disambiguation: 'later' })
}
