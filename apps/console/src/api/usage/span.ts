/** How far back a chart looks, and how long its buckets are. */
export const spans = {
  '1h': { label: '1 hour', seconds: 3_600, interval: 'minute' },
  '24h': { label: '24 hours', seconds: 86_400, interval: 'hour' },
  '7d': { label: '7 days', seconds: 604_800, interval: 'hour' },
  '30d': { label: '30 days', seconds: 2_592_000, interval: 'day' },
} as const
export type Span = keyof typeof spans

const bucketMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

export interface Range {
  from: string
  /** Absent where it ends now. */
  to?: string
  interval: 'minute' | 'hour' | 'day'
}

/**
 * The span as whole buckets, of which the last is the one that is filling now; or, of what was used last before all of
 * them, the one of its last use, so that there is something to see.
 */
export function rangeOf(span: Span, lastUsedAt: string | null = null, now = Date.now()): Range {
  const { seconds, interval } = spans[span]
  const size = bucketMs[interval]
  const startOf = (end: number) => Math.floor(end / size) * size - seconds * 1000 + size
  const at = (ms: number) => new Date(ms).toISOString()
  const lastUse = lastUsedAt === null ? now : Date.parse(lastUsedAt)
  if (lastUse >= startOf(now)) return { from: at(startOf(now)), interval }
  const from = startOf(lastUse)
  return { from: at(from), to: at(from + seconds * 1000), interval }
}
