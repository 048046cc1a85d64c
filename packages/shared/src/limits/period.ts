import type { QuotaRefill } from './schemas.ts'

/** A day or a month of the calendar, UTC; ms since 1970. */
export interface Period {
  start: number
  /** The first moment after it. */
  end: number
}

/** The period in which a moment lies. */
export function periodAt(refill: QuotaRefill, now: number): Period {
  const at = new Date(now)
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  if (refill === 'daily') return { start: Date.UTC(year, month, day), end: Date.UTC(year, month, day + 1) }
  return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) }
}
