import { z } from 'zod'

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
})

const invalidSchema = z.object({
  valid: z.literal(false),
  code: z.string().min(1).max(100),
  keyId: z.string().optional(),
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
}

export interface InvalidVerdict {
  readonly valid: false
  /** `MALFORMED`, `NOT_FOUND`, `EXPIRED`, `REVOKED`, `ROTATED`, `DISABLED`, `INSUFFICIENT_SCOPE` and others. */
  readonly code: string
  /** Whose secret it is, where that is known. */
  readonly keyId?: string | undefined
}

/** What Momentry says about a secret. */
export type Verdict = ValidVerdict | InvalidVerdict
