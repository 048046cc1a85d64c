import { type IsInRanges, parseAddressRanges } from '../platform/address-range.ts'
import type { QuotaPolicy, QuotaRefill, RateLimit, ThrottlePolicy } from './schemas.ts'

/** So many requests within a window, which begins with the first of them. */
export interface WindowRule {
  name: string
  limit: number
  windowMs: number
}

export interface QuotaRule {
  limit: number
  refill: QuotaRefill
}

/** What a key may do, made ready for being asked at each use. */
export interface KeyLimits {
  windows: readonly WindowRule[]
  /** The windows with the one that an anomaly put on top, and until when it lies there (ms since 1970). */
  throttled: { windows: readonly WindowRule[]; until: number } | undefined
  quota: QuotaRule | undefined
}

/** What a key has left of one of its limits. */
export interface LimitState {
  name: string
  limit: number
  remaining: number
  /** Until `remaining` is `limit` again. */
  resetSeconds: number
  windowSeconds: number
}

/** What came of asking whether a request is within its key's limits. */
export interface LimitOutcome {
  /** undefined: it is within all of them. */
  refused: 'RATE_LIMITED' | 'QUOTA_EXCEEDED' | undefined
  /** The names of the limits that it is over. */
  violated: readonly string[]
  /** What is left of those that are known. */
  states: readonly LimitState[]
  /** When the same request may be within them; undefined where it is. */
  retryAfterSeconds: number | undefined
}

/** Names of limits that are not of the key's own making. */
export const throttleName = 'throttle'
export const quotaName = 'quota'

const throttleDefaults = { requestsPerMinute: 60, forSeconds: 900 }

interface LimitPolicy {
  rateLimits?: readonly RateLimit[] | undefined
  quota?: QuotaPolicy | undefined
  throttle?: ThrottlePolicy | undefined
}

/**
 * Makes a policy's limits ready.
 * @param throttledUntil until when an anomaly slows the key down, ms since 1970
 * @returns undefined for a key without any
 */
export function prepareLimits(policy: LimitPolicy, throttledUntil: number | undefined): KeyLimits | undefined {
  const { rateLimits = [], quota } = policy
  if (rateLimits.length === 0 && !quota && throttledUntil === undefined) return undefined
  const windows = rateLimits.map(({ name, requests, windowSeconds }) => ({
    name,
    limit: requests,
    windowMs: windowSeconds * 1000,
  }))
  const throttled = throttledUntil !== undefined && {
    windows: [...windows, { name: throttleName, limit: throttleOf(policy).requestsPerMinute, windowMs: 60_000 }],
    until: throttledUntil,
  }
  return {
    windows,
    throttled: throttled || undefined,
    quota: quota && { limit: quota.requests, refill: quota.refill },
  }
}

/** The windows that hold at a moment, in ms since 1970. */
export function windowsAt({ windows, throttled }: KeyLimits, now: number): readonly WindowRule[] {
  return throttled && now < throttled.until ? throttled.windows : windows
}

/** How an anomaly slows a key down. */
export function throttleOf({ throttle }: Pick<LimitPolicy, 'throttle'>): Required<typeof throttleDefaults> {
  return {
    requestsPerMinute: throttle?.requestsPerMinute ?? throttleDefaults.requestsPerMinute,
    forSeconds: throttle?.forSeconds ?? throttleDefaults.forSeconds,
  }
}

/** Gives what tells whether a key may be used from an address; undefined for one that may be from anywhere. */
export function prepareAddresses(ranges: readonly string[] | undefined): IsInRanges | undefined {
  if (ranges === undefined || ranges.length === 0) return undefined
  // What is stored was checked before; should it ever be unreadable, then nobody may.
  return parseAddressRanges(ranges) ?? (() => false)
}

/**
 * The problem type of a refusal (draft-ietf-httpapi-ratelimit-headers-11 section 5): a key that an anomaly slowed down is
 * told so.
 */
export function problemTypeOf({ violated }: Pick<LimitOutcome, 'violated'>): string {
  const fragment = violated.includes(throttleName) ? 'abnormal-usage-detected' : 'quota-exceeded'
  return `https://iana.org/assignments/http-problem-types#${fragment}`
}
