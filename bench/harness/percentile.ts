/** The figure that a share of all figures (0.99, say) does not exceed. There must be one figure at least. */
export function percentile(figures: readonly number[], share: number): number {
  const found = figures.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(figures.length * share) - 1)]
  if (found === undefined) throw new Error('there is no percentile of nothing')
  return found
}
