/** What a number field holds; undefined where it is empty or half typed. */
export function toCount(value: string | number): number | undefined {
  if (value === '' || value === '-') return undefined
  const count = Number(value)
  return Number.isFinite(count) ? count : undefined
}
