import type { Logger } from '@momentry/shared/platform/process/log.ts'
import type { ApiMetrics } from '../wiring/metrics.ts'

/** A request that has been answered. */
export interface AnsweredRequest {
  /** By `performance.now()`. */
  began: number
  requestId: string
  method: string
  /** The pattern of its path. */
  route: string
  status: number
  /** Where it came from. */
  address: string | undefined
  /** Whose key asked. */
  keyId: string | undefined
}

export type TellRequest = (request: AnsweredRequest) => void

/** Asked so often that a line each would hide all others. */
const quiet = new Set(['/v1/keys/validate', '/healthz', '/readyz', '/metrics', '/console/*'])

/**
 * Gives the logging and measuring of requests. Paths are told by their pattern and queries not at all, since a caller may
 * have written a secret into them.
 */
export function createRequestTeller({ log, metrics }: { log: Logger; metrics: ApiMetrics }): TellRequest {
  return ({ began, requestId, method, route, status, address, keyId }) => {
    const ms = performance.now() - began
    metrics.requests.count({ method, route, status }, ms / 1000)
    const level = status >= 500 ? 'warn' : status < 400 && quiet.has(route) ? 'debug' : 'info'
    if (!log.isLevelEnabled(level)) return
    log[level]({ requestId, method, route, status, ms: Math.round(ms * 10) / 10, address, keyId }, 'request')
  }
}
