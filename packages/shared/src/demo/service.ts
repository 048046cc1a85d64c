import type { Random } from './random.ts'

export const hourMs = 3_600_000

/** When a service is at work: in office hours, or round the clock with quieter nights. */
export type Rhythm = 'office' | 'steady'

/** A made-up service with a key of its own. */
export interface Service {
  name: string
  rhythm: Rhythm
  /** Requests of a full hour. */
  volume: number
  /** Where its requests come from: few enough that no hour can see too many (DESIGN.md section 7: more than 5). */
  addresses: readonly string[]
}

const names = [
  ...['checkout', 'billing', 'search', 'catalogue', 'shipping', 'invoices', 'mail-out', 'sign-up'],
  ...['mobile-app', 'partner-feed', 'price-sync', 'stock-sync', 'reporting', 'warehouse', 'support-desk', 'loyalty'],
  ...['recommendations', 'exports', 'webhooks', 'nightly-audit', 'media', 'maps', 'translations', 'feature-flags'],
] as const

/** Makes services with different names, half of them of each rhythm. */
export function makeServices(count: number, random: Random): Service[] {
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / names.length)
    const rhythm = index % 2 === 0 ? 'steady' : 'office'
    return {
      name: `${names[index % names.length]}${round === 0 ? '' : `-${round + 1}`}`,
      rhythm,
      volume: rhythm === 'steady' ? random.integer(6, 12) : random.integer(12, 28),
      addresses: Array.from({ length: random.integer(1, 4) }, () => madeUpAddress(random)),
    }
  })
}

/** An address of the block that RFC 5737 sets aside for examples. */
function madeUpAddress(random: Random): string {
  return `198.51.100.${random.integer(1, 254)}`
}

/** Gives how busy a service is in an hour, from 0 (silent) to 1. @param hour its start, in milliseconds since 1970 */
export function activity(rhythm: Rhythm, hour: number): number {
  const date = new Date(hour)
  const hourOfDay = date.getUTCHours()
  if (rhythm === 'steady') return hourOfDay >= 6 && hourOfDay < 22 ? 1 : 0.35
  if (hourOfDay < 7 || hourOfDay > 18) return 0
  const isWeekend = date.getUTCDay() % 6 === 0
  return isWeekend ? 0.3 : 1
}
