import { hideSecrets } from '@momentry/shared/platform/hide-secrets.ts'

/** All that jobs of ours carry (platform/process/job-queue.ts). */
const knownData: ReadonlySet<string> = new Set(['rowId', 'traceparent', 'tracestate'])

/** What a job carries, as the board shows it: ids alone, should there ever be more in it. */
export function showData(data: unknown): Record<string, unknown> {
  if (typeof data !== 'object' || data === null) return {}
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, knownData.has(name) ? value : '(hidden)']),
  )
}

/**
 * What the board answers, without what may stand in an error's words: whatever looks like a secret, the places in the
 * code, and the parameters of a query, which wrappers of errors repeat.
 */
export function showAnswer<T>(body: T): T {
  return JSON.parse(hideSecrets(JSON.stringify(body, withoutParameters)))
}

function withoutParameters(name: string, value: unknown): unknown {
  if (name === 'stacktrace') return []
  const isError = name === 'failedReason' || name === 'deferredFailure'
  return isError && typeof value === 'string' ? value.replace(/\n?\s*params:.*$/s, '').slice(0, 500) : value
}
