import { timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import { missingScopes } from '../../scopes/scope.ts'
import type { UsageBuffer } from '../../usage/buffer.ts'
import { hashSecret, parseSecret } from '../secret.ts'
import { judgeSecret, type ValidationCode } from '../status.ts'
import type { SecretCache } from './cache.ts'
import type { SecretRecord } from './record.ts'
import { sightingOf } from './sighting.ts'

export interface ValidateInput {
  secret: string
  /** Who used it, for the usage event. */
  address: string | undefined
  /** Scopes that the use needs, all of them. */
  scopes?: readonly string[] | undefined
  /** false: the caller counts the use by itself, or it is none of a service. */
  recordUsage: boolean
}

type UnknownCode = Extract<ValidationCode, 'MALFORMED' | 'NOT_FOUND'>

/** What came of it, and whose secret it is where that is known. */
export type Verdict =
  | { code: UnknownCode; record: undefined }
  | { code: Exclude<ValidationCode, UnknownCode>; record: SecretRecord }

export type Validate = (input: ValidateInput) => Promise<Verdict>

/**
 * Gives the one way in which a secret is checked: checksum, digest, cache, one query, comparison in constant time,
 * status, scopes, usage event, first use of a successor. Time is judged anew at each call, so a cached record never
 * outlives an expiry or a grace.
 */
export function createValidate(deps: {
  cache: Pick<SecretCache, 'get'>
  usage: Pick<UsageBuffer, 'record'>
  now: Clock
  /** Told of each good use of a secret that nobody has used yet, until that is noted. Neither waits nor throws. */
  noteFirstUse(record: SecretRecord): void
}): Validate {
  return async ({ secret, address, scopes, recordUsage }) => {
    if (parseSecret(secret) === undefined) return { code: 'MALFORMED', record: undefined }
    const digest = hashSecret(secret)
    const record = await deps.cache.get(digest)
    if (!record || !timingSafeEqual(record.digest, digest)) return { code: 'NOT_FOUND', record: undefined }
    const now = deps.now()
    const judged = judgeSecret(record, now)
    const narrow = judged === 'VALID' && scopes !== undefined && missingScopes(record.scopes, scopes).length > 0
    const code = narrow ? 'INSUFFICIENT_SCOPE' : judged
    if (judged === 'VALID' && record.awaitsFirstUse) deps.noteFirstUse(record)
    const sighting = sightingOf(record, code, now, recordUsage)
    if (recordUsage || sighting)
      deps.usage.record({
        keyId: record.keyId,
        at: now,
        ip: address,
        status: outcomeStatus(code),
        latencyMs: undefined,
        sighting,
      })
    return { code, record }
  }
}

/** The HTTP status that a service would answer with, as which the use is counted. */
function outcomeStatus(code: ValidationCode): number {
  if (code === 'VALID') return 200
  return code === 'INSUFFICIENT_SCOPE' ? 403 : 401
}
