import { limits, type SecondCount } from '../../../usage/window/window.ts'
import { severityOf } from '../../finding.ts'
import { type Ends, hysteresis, type Rule } from './rule.ts'

/** More requests in any 60 s than the threshold (DESIGN.md section 7). */
export const requestRate: Rule = {
  name: 'high_request_rate',
  quietSeconds: limits.rateSeconds,
  judged: 'at-once',
  read({ seconds }, ends, { requestsPerMinute: threshold }) {
    const busiest = busiestMinute(seconds, ends)
    if (!busiest || busiest.requests <= threshold * hysteresis) return undefined
    const { end, requests: observed } = busiest
    return {
      observed,
      threshold,
      window: { start: end - limits.rateSeconds + 1, end },
      fires: observed > threshold,
      severity: severityOf(observed / threshold, { high: 2, critical: 5 }),
      explanation: `${observed} requests within 60 s, where at most ${threshold} are expected`,
    }
  },
}

/** Slides a minute over the seconds that hold requests: a window that ends in between holds no more than one of those. */
function busiestMinute(seconds: readonly SecondCount[], ends: Ends): { end: number; requests: number } | undefined {
  const lastEnd = Math.min(ends.to, ends.from + limits.rateSeconds - 1)
  let first = lowerBound(seconds, ends.from - limits.rateSeconds + 1)
  let requests = 0
  let busiest: { end: number; requests: number } | undefined
  for (let index = first; index < seconds.length; index += 1) {
    const current = seconds[index]
    if (!current || current.second > lastEnd) break
    requests += current.requests
    for (let oldest = seconds[first]; oldest && oldest.second <= current.second - limits.rateSeconds; ) {
      requests -= oldest.requests
      first += 1
      oldest = seconds[first]
    }
    if (current.second >= ends.from && requests > (busiest?.requests ?? 0)) busiest = { end: current.second, requests }
  }
  return busiest
}

/** Gives the index of the first entry that is not before a second. */
function lowerBound(seconds: readonly SecondCount[], second: number): number {
  let index = seconds.length
  while (index > 0 && (seconds[index - 1]?.second ?? 0) >= second) index -= 1
  return index
}
