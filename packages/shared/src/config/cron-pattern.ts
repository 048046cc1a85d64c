import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)

/**
 * Whether a text is a cron pattern of five or six fields. What reads one brings a library of dates, 300 kB in all: it is
 * loaded only where there is a pattern to look at, which there mostly is not.
 */
export function isCronPattern(text: string): boolean {
  const { CronExpressionParser }: typeof import('cron-parser') = load('cron-parser')
  try {
    CronExpressionParser.parse(text, { tz: 'UTC' })
    return /^\S+(\s+\S+){4,5}$/.test(text.trim())
  } catch {
    return false
  }
}
