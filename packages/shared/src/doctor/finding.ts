/** From good to bad; `information` is something to know that nobody has to mend. */
export const findingLevels = ['ok', 'information', 'warning', 'failed'] as const
export type FindingLevel = (typeof findingLevels)[number]

/** What one check found. */
export interface Finding {
  /** The same for the same check in every version: `redis.eviction`. */
  check: string
  level: FindingLevel
  /** What was measured, for people. */
  figure: string
  /** What to do; absent where there is nothing to. */
  advice?: string
}

export function ok(check: string, figure: string): Finding {
  return { check, level: 'ok', figure }
}

/** Where an amount is too much. */
export interface Bounds {
  /** From here on it is a warning … */
  warning: number
  /** … and from here on it has failed. */
  failed: number
}

/** Judges an amount of which less is better. */
export function judgeAmount(check: string, amount: number, bounds: Bounds, figure: string, advice: string): Finding {
  if (amount < bounds.warning) return ok(check, figure)
  return { check, level: amount < bounds.failed ? 'warning' : 'failed', figure, advice }
}

/** Judges what has to be so. @param otherwise how bad it is where it is not */
export function judgeFact(
  check: string,
  isSo: boolean,
  figure: string,
  advice: string,
  otherwise: FindingLevel = 'failed',
): Finding {
  return isSo ? ok(check, figure) : { check, level: otherwise, figure, advice }
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const

/** Shows a length of time by its largest unit: `3 h`, `42 s`. */
export function showSeconds(seconds: number): string {
  const unit = units.find(([, length]) => seconds >= 2 * length)
  if (unit) return `${Math.floor(seconds / unit[1])} ${unit[0]}`
  return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`
}
