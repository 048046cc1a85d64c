import { lastEnd } from '../../../usage/window/fold-addresses.ts'
import { limits, type Window } from '../../../usage/window/window.ts'
import { severityOf } from '../../finding.ts'
import { type Ends, hysteresis, type Rule } from './rule.ts'

/** More different addresses in any 60 min than the threshold (DESIGN.md section 7). */
export const addresses: Rule = {
  name: 'multiple_ips',
  quietSeconds: limits.addressSeconds,
  judged: 'at-once',
  read(window, ends, { ipsPerHour: threshold }) {
    // Most keys have so few that there is no need to count those of an hour.
    const calm = threshold * hysteresis
    const widest = window.addresses.size > calm ? widestHour(window, ends) : undefined
    if (!widest || widest.addresses <= calm) return undefined
    const { end, addresses: observed } = widest
    return {
      observed,
      threshold,
      window: { start: end - limits.addressSeconds + 1, end },
      fires: observed > threshold,
      severity: severityOf(observed / threshold, { high: 2, critical: 4 }),
      explanation: `${observed} different addresses within 60 min, where at most ${threshold} are expected`,
    }
  },
}

/** The count grows only where an address comes in, so it is enough to look at those seconds and at the first. */
function widestHour(window: Window, ends: Ends): { end: number; addresses: number } | undefined {
  const spans = [...window.addresses.values()].flat()
  const starts = spans.map((span) => span.first).filter((first) => first > ends.from && first <= ends.to)
  let widest: { end: number; addresses: number } | undefined
  for (const end of [ends.from, ...starts]) {
    const count = spans.filter((span) => span.first <= end && lastEnd(span) >= end).length
    if (count > (widest?.addresses ?? 0)) widest = { end, addresses: count }
  }
  return widest
}
