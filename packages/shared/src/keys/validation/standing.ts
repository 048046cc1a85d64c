import type { Clock } from '../../platform/clock.ts'
import { holdsScope } from '../../scopes/scope.ts'
import { judgeSecret } from '../status.ts'
import type { SecretCache } from './cache/secret-cache.ts'

/** A secret that was validated a while ago, and what it must still hold. */
export interface Standing {
  /** SHA-256 of the secret. */
  digest: Buffer
  scope: string
}

/**
 * Gives the check of a secret whose request is still being answered, as an event stream is for hours: it is as fresh as
 * any validation, and counts as no use. Where the key cannot be looked up just now, it does not stand.
 */
export function createStandingCheck(deps: {
  cache: Pick<SecretCache, 'get'>
  now: Clock
}): (standing: Standing) => Promise<boolean> {
  return async ({ digest, scope }) => {
    const record = await deps.cache.get(digest).catch(() => undefined)
    return record !== undefined && judgeSecret(record, deps.now()) === 'VALID' && holdsScope(record.scopes, scope)
  }
}
