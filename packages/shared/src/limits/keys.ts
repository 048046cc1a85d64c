import { hash } from 'node:crypto'
import type { Names } from '../platform/redis/names.ts'
import type { WindowRule } from './limits.ts'
import { type QuotaRefill, quotaRefills } from './schemas.ts'

/** Where a window is counted. One of another length is another window. */
export function windowKey(names: Names, keyId: string, { name, windowMs }: WindowRule): string {
  return names.keyLimit(keyId, `window:${name}:${windowMs / 1000}`)
}

/** Where a quota is counted. */
export function quotaKey(names: Names, keyId: string, refill: QuotaRefill): string {
  return names.keyLimit(keyId, `quota:${refill}`)
}

export function quotaKeys(names: Names, keyId: string): string[] {
  return quotaRefills.map((refill) => quotaKey(names, keyId, refill))
}

/** What shows that a request was counted. Of its id only a digest is kept: short, and told to nobody. */
export function markerKey(names: Names, keyId: string, requestId: string): string {
  return names.keyLimit(keyId, `request:${hash('sha256', requestId, 'base64url').slice(0, 22)}`)
}
