import { z } from 'zod'
import { type Limit, limitsSchema } from './limits.ts'

const time = z.iso.datetime({ offset: true })

const rotationSchema = z.object({ supersededBy: z.int(), graceEndsAt: time, claimable: z.boolean() })

const validSchema = z.object({
  valid: z.literal(true),
  code: z.literal('VALID'),
  keyId: z.string(),
  type: z.string(),
  name: z.string(),
  ownerId: z.string().nullable(),
  scopes: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  expiresAt: time.nullable(),
  secretVersion: z.int(),
  rotation: rotationSchema.optional(),
  limits: limitsSchema.optional(),
  addressBound: z.boolean().optional(),
})

const invalidSchema = z.object({
  valid: z.literal(false),
  code: z.string().min(1).max(100),
  keyId: z.string().optional(),
  limits: limitsSchema.optional(),
  rotation: rotationSchema.optional(),
  retryAfterSeconds: z.int().min(0).optional(),
  problemType: z.string().max(500).optional(),
})

/** The answer of `POST /v1/keys/validate`; fields and codes that a newer Momentry adds do not break it. */
export const verdictSchema = z.discriminatedUnion('valid', [validSchema, invalidSchema])

/** A secret that has a successor and still validates, for the grace. */
export interface Superseded {
  /** The version that took over. */
  readonly supersededBy: number
  /** RFC 3339. */
  readonly graceEndsAt: string
  /** Its holder can fetch the successor with it. */
  readonly claimable: boolean
  /** When the successor took over, RFC 3339, where Momentry said so. */
  readonly supersededAt?: string | undefined
}

export interface ValidVerdict {
  readonly valid: true
  readonly code: 'VALID'
  readonly keyId: string
  readonly type: string
  readonly name: string
  readonly ownerId: string | null
  readonly scopes: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
  /** RFC 3339; null for a key that does not end by itself. */
  readonly expiresAt: string | null
  readonly secretVersion: number
  readonly rotation?: Superseded | undefined
  /** What the key has left of its limits, where it has any. */
  readonly limits?: readonly Limit[] | undefined
  /** The key may be used from some addresses alone, and `clientIp` is one of them. */
  readonly addressBound?: boolean | undefined
}

export interface InvalidVerdict {
  readonly valid: false
  /**
   * `MALFORMED`, `NOT_FOUND`, `EXPIRED`, `REVOKED`, `ROTATED`, `DISABLED`, `IP_NOT_ALLOWED`, `INSUFFICIENT_SCOPE`,
   * `RATE_LIMITED`, `QUOTA_EXCEEDED`, and what a newer Momentry adds.
   */
  readonly code: string
  /** Whose secret it is, where that is known. */
  readonly keyId?: string | undefined
  /** What the key has left of its limits, where they were asked. */
  readonly limits?: readonly Limit[] | undefined
  /** Of a key that is over a limit, and whose secret has a successor. */
  readonly rotation?: Superseded | undefined
  /** Of a key that is over a limit: after how long the same request may be good. */
  readonly retryAfterSeconds?: number | undefined
  /** Of a key that is over a limit: the problem type to answer with (RFC 9457). */
  readonly problemType?: string | undefined
}

/** What Momentry says about a secret. */
export type Verdict = ValidVerdict | InvalidVerdict

/** Whether a verdict is about one request alone: each request of a key with limits counts, and an address is one's own. */
export function isForOneRequest(verdict: Verdict): boolean {
  return verdict.limits !== undefined || (verdict.valid && verdict.addressBound === true)
}

const overLimit: ReadonlySet<string> = new Set(['RATE_LIMITED', 'QUOTA_EXCEEDED'])

/** Whether a secret is good in itself: a key that is over its limits is no worse for it. */
export function isGood(verdict: Verdict): boolean {
  return verdict.valid || overLimit.has(verdict.code)
}
