import type { LimitOptions, RateLimitOption } from './limit-options.ts'

type Fields = Readonly<Record<string, unknown>>

/** A policy as it is now, as far as its limits have to be read. */
export type LimitedPolicy = Fields & { rateLimits?: readonly (Fields & { name: string })[] | undefined }

/** Gives the limits of a policy by what was asked for; a field that is to go is undefined. */
export function mergeLimits(policy: LimitedPolicy, options: LimitOptions): Fields {
  const { quota, allowAddress, anyAddress, throttle, onLeak } = options
  return {
    ...rateLimitsOf(policy, options),
    ...(quota !== undefined && { quota: quota === 'none' ? undefined : quota }),
    ...(allowAddress && { allowedAddresses: allowAddress }),
    ...(anyAddress && { allowedAddresses: undefined }),
    ...(throttle !== undefined && { throttle: throttle === 'default' ? undefined : throttle }),
    ...(onLeak !== undefined && { onLeak }),
  }
}

function rateLimitsOf(policy: LimitedPolicy, { rateLimit = [], rateLimits }: LimitOptions): Fields {
  if (rateLimit.length === 0 && rateLimits === undefined) return {}
  const before = rateLimits === false ? [] : (policy.rateLimits ?? [])
  const after = rateLimit.reduce(applyOne, before)
  return { rateLimits: after.length === 0 ? undefined : after }
}

/** Puts a window where the one of its name is, or at the end. */
function applyOne(before: readonly (Fields & { name: string })[], { name, window }: RateLimitOption) {
  const others = before.filter((limit) => limit.name !== name)
  if (!window) return others
  const at = before.findIndex((limit) => limit.name === name)
  return others.toSpliced(at < 0 ? others.length : at, 0, { name, ...window })
}
