/** Requests by month of event time, UTC: `2026-01`. */
export type Months = ReadonlyMap<string, number>

export function addMonths(parts: readonly Months[]): Map<string, number> {
  const sum = new Map<string, number>()
  for (const part of parts) for (const [month, count] of part) sum.set(month, (sum.get(month) ?? 0) + count)
  return sum
}

export function totalOf(months: Months): number {
  return months.values().reduce((sum, count) => sum + count, 0)
}
