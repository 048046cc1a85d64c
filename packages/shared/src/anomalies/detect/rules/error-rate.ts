import { limits, type SecondCount } from '../../../usage/window/window.ts'
import { severityOf } from '../../finding.ts'
import { hysteresis, type Rule } from './rule.ts'

/** More failed requests than the threshold's share of any 5 min, from a number of requests on (DESIGN.md section 7). */
export const errorRate: Rule = {
  name: 'high_error_rate',
  quietSeconds: limits.errorSeconds,
  judged: 'settled',
  read({ seconds }, ends, { errorRate: threshold, errorMinRequests }) {
    let worst: { end: number; requests: number; errors: number } | undefined
    for (const { second: end } of seconds) {
      if (end < ends.from || end > ends.to) continue
      const sum = sumOfWindow(seconds, end)
      if (sum.requests < errorMinRequests) continue
      if (!worst || sum.errors / sum.requests > worst.errors / worst.requests) worst = { end, ...sum }
    }
    if (!worst) return undefined
    const observed = worst.errors / worst.requests
    if (observed <= threshold * hysteresis) return undefined
    return {
      observed,
      threshold,
      window: { start: worst.end - limits.errorSeconds + 1, end: worst.end },
      fires: observed > threshold,
      severity: severityOf(observed, { high: 0.75, critical: 0.95 }),
      explanation: `${worst.errors} of ${worst.requests} requests within 5 min failed (${percent(observed)}), where at most ${percent(threshold)} are expected`,
    }
  },
}

function sumOfWindow(seconds: readonly SecondCount[], end: number): { requests: number; errors: number } {
  let requests = 0
  let errors = 0
  for (const count of seconds) {
    if (count.second <= end - limits.errorSeconds || count.second > end) continue
    requests += count.requests
    errors += count.errors
  }
  return { requests, errors }
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
