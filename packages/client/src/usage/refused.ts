import { type InputIssue, MomentryClientError } from '../errors.ts'

/** Of Momentry's codes those that are about what was sent; a 413 may come from what stands in between as well. */
const contentCodes = ['VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'IDEMPOTENCY_KEY_REUSED']

/** Tells whether a report was refused for its events: sent again as it is, it would be refused for ever. */
export function isContentRefusal(error: unknown): error is MomentryClientError {
  if (!(error instanceof MomentryClientError) || error.kind !== 'refused') return false
  return error.status === 413 || contentCodes.includes(error.code ?? '')
}

/**
 * Parts a refused batch: the events that Momentry points at are given up, and the others go out again. Where it points at
 * none, halves go out, until a single event is found guilty.
 */
export function partRefused<T>(events: readonly T[], issues: readonly InputIssue[]): { bad: T[]; rest: T[][] } {
  const guilty = new Set(issues.map(({ pointer }) => Number(/^\/events\/(\d{1,6})(?:\/|$)/.exec(pointer)?.[1] ?? -1)))
  const bad = events.filter((_, index) => guilty.has(index))
  const good = events.filter((_, index) => !guilty.has(index))
  if (bad.length > 0) return { bad, rest: good.length > 0 ? [good] : [] }
  if (events.length <= 1) return { bad: [...events], rest: [] }
  const middle = Math.ceil(events.length / 2)
  return { bad: [], rest: [events.slice(0, middle), events.slice(middle)] }
}
