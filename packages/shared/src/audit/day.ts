/** The day of a moment in UTC: `2026-01-05`. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

/** The first moment of a day, in milliseconds since 1970. */
export function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

/** The day after. */
export function dayAfter(day: string): string {
  return dayOf(new Date(startOf(day) + 86_400_000))
}
