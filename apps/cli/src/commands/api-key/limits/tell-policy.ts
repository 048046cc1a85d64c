import type { Key } from '../../../api/shapes.ts'

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const

/** Tells a length of time as the options take it, where it is a whole number of a unit. */
export function tellSeconds(seconds: number): string {
  const unit = units.find(([, length]) => seconds >= length && seconds % length === 0)
  return unit ? `${seconds / unit[1]}${unit[0]}` : `${seconds}s`
}

/** Gives the fields of a key's policy for people: its limits as the options take them, the rest as it is. */
export function tellPolicy(policy: Key['policy']): Record<string, unknown> {
  if (!policy) return {}
  const { rateLimits, quota, allowedAddresses, ...rest } = policy
  return {
    policy: rest,
    rateLimits: rateLimits?.map(
      ({ name, requests, windowSeconds }) => `${name}=${requests}/${tellSeconds(windowSeconds)}`,
    ),
    quota: quota && `${quota.requests}/${quota.refill}`,
    allowedAddresses,
  }
}
