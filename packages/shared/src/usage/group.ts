/** Groups what has something in common, in the order in which the groups begin; what stands alone costs no map. */
export function groupBy<T, K>(items: readonly T[], by: (item: T) => K): Iterable<readonly [K, readonly T[]]> {
  const [only] = items
  if (only !== undefined && items.length === 1) return [[by(only), items]]
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = by(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
