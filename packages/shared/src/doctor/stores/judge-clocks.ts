import { type Finding, judgeAmount, showSeconds } from '../finding.ts'
import type { ClockReading } from './read-clocks.ts'

/** Usage that is 60 s ahead is refused, and graces and expiries are judged by each process's own clock. */
const skew = { warning: 1, failed: 10 }

export function judgeClocks(readings: readonly ClockReading[]): Finding[] {
  return readings.map(({ of, aheadMs, uncertainMs }) => {
    const seconds = Math.max(0, Math.abs(aheadMs) - uncertainMs) / 1_000
    const way = aheadMs < 0 ? 'behind' : 'ahead of'
    return judgeAmount(
      `clock.${of.toLowerCase()}`,
      seconds,
      skew,
      seconds < skew.warning ? 'agrees with the one of this machine' : `${showSeconds(seconds)} ${way} this machine's`,
      'let NTP set the clocks of all machines',
    )
  })
}
