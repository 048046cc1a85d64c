import { timingSafeEqual } from 'node:crypto'
import type { Limiter } from '../../limits/limiter.ts'
import type { LimitOutcome } from '../../limits/limits.ts'
import { andThen, type MaybePromise } from '../../platform/and-then.ts'
import type { Clock } from '../../platform/clock.ts'
import type { UsageBuffer } from '../../usage/buffer.ts'
import type { ForeignPrefixes } from '../imported/prefixes.ts'
import { hashSecret, parseSecret } from '../secret.ts'
import type { ValidationCode } from '../status.ts'
import type { SecretCache } from './cache/secret-cache.ts'
import { isHolders, judgeUse, outcomeStatus, type UseOfSecret } from './judge.ts'
import type { SecretRecord } from './record/record.ts'
import { sightingOf } from './sighting.ts'

export interface ValidateInput extends UseOfSecret {
  /** The secret itself, or the SHA-256 of one that was shown before, as a session has it. */
  secret: string | Buffer
  /** Names the request: one that is sent again spends of the key's quota once. */
  requestId?: string | undefined
  /** true: the key's limits are not asked, since a key that is over them must still be able to fetch its successor. */
  ignoresLimits?: boolean | undefined
  /** false: the caller counts the use by itself, or it is none of a service. */
  recordUsage: boolean
}

type UnknownCode = Extract<ValidationCode, 'MALFORMED' | 'NOT_FOUND'>

/** What came of it, and whose secret it is where that is known. */
export type Verdict =
  | { code: UnknownCode; record: undefined }
  | Known<'VALID'>
  | Known<Exclude<ValidationCode, UnknownCode | 'VALID'>>

interface Known<Code> {
  code: Code
  record: SecretRecord
  /** What the key's limits said; undefined where it has none, or where they were not asked. */
  limits?: LimitOutcome | undefined
}

/** The verdict is there at once where the secret is cached and has no limits, as most are. */
export type Validate = (input: ValidateInput) => MaybePromise<Verdict>

/**
 * Gives the one way in which a secret is checked: digest, cache, checksum, one query, comparison in constant time, status,
 * address, scopes, limits, usage event, first use of a successor. Time is judged anew at each call, so a cached record never
 * outlives an expiry or a grace. A refusal spends nothing of what comes after it.
 */
export function createValidate(deps: {
  cache: Pick<SecretCache, 'peek' | 'get'>
  usage: Pick<UsageBuffer, 'record'>
  limiter: Pick<Limiter, 'take'>
  /** Tells what may be a secret that another system made. */
  foreign: Pick<ForeignPrefixes, 'fits'>
  now: Clock
  /** Told of each good use of a secret that nobody has used yet, until that is noted. Neither waits nor throws. */
  noteFirstUse(record: SecretRecord): void
}): Validate {
  const takeOf = ({ keyId, limits }: SecretRecord, { requestId, ignoresLimits = false }: ValidateInput) =>
    limits && !ignoresLimits ? deps.limiter.take({ keyId, limits, requestId }) : undefined

  const lookUp = async (secret: string | Buffer, digest: Buffer): Promise<SecretRecord | UnknownCode> => {
    if (isForeign(secret) && !(await deps.foreign.fits(secret))) return 'MALFORMED'
    return (await deps.cache.get(digest)) ?? 'NOT_FOUND'
  }

  /** Notes a use that was judged. */
  const conclude = (
    record: SecretRecord,
    code: Verdict['code'],
    { address, recordUsage }: ValidateInput,
    at: number,
  ) => {
    if (record.awaitsFirstUse && isHolders(code)) deps.noteFirstUse(record)
    const sighting = sightingOf(record, code, at, recordUsage)
    if (!recordUsage && !sighting) return
    const status = outcomeStatus(code)
    deps.usage.record({ keyId: record.keyId, at, ip: address, status, latencyMs: undefined, sighting })
  }

  const check = (found: SecretRecord | UnknownCode, digest: Buffer, input: ValidateInput): MaybePromise<Verdict> => {
    if (typeof found === 'string') return { code: found, record: undefined }
    if (!timingSafeEqual(Buffer.from(found.digest, 'latin1'), digest)) return { code: 'NOT_FOUND', record: undefined }
    const now = deps.now()
    const judged = judgeUse(found, input, now)
    return andThen(judged === 'VALID' ? takeOf(found, input) : undefined, (limits) => {
      const code = limits?.refused ?? judged
      conclude(found, code, input, now)
      return { code, record: found, limits }
    })
  }

  return (input) => {
    const digest = digestOf(input.secret)
    const found = deps.cache.peek(digest) ?? lookUp(input.secret, digest)
    return andThen(found, (found) => check(found, digest, input))
  }
}

/** Whether a text is no secret of ours; one of another system may have been taken in. */
function isForeign(secret: string | Buffer): secret is string {
  return typeof secret === 'string' && parseSecret(secret) === undefined
}

function digestOf(secret: string | Buffer): Buffer {
  return typeof secret === 'string' ? hashSecret(secret) : secret
}
