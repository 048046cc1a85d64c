import { z } from 'zod'
import { problemTypeOf } from '../../limits/limits.ts'
import { keyTypes } from '../kinds.ts'
import { validationCodes } from '../status.ts'
import type { SecretRecord } from './record/record.ts'
import type { Verdict } from './validate.ts'

const rotationSchema = z
  .object({
    supersededBy: z.int().meta({ description: 'The version that took over' }),
    graceEndsAt: z.iso.datetime().meta({ description: 'When this secret stops validating' }),
    claimable: z.boolean().meta({ description: 'Whether this secret can fetch its successor' }),
  })
  .meta({ id: 'SupersededSecret' })

const limitSchema = z
  .object({
    name: z.string().meta({ description: 'The name of a rate limit, `quota`, or `throttle`' }),
    limit: z.int(),
    remaining: z.int(),
    resetSeconds: z.int().meta({ description: 'Until all of it is there again' }),
    windowSeconds: z.int(),
  })
  .meta({ id: 'Limit', example: { name: 'burst', limit: 100, remaining: 99, resetSeconds: 60, windowSeconds: 60 } })

export const limitsSchema = z
  .array(limitSchema)
  .meta({ description: 'What the key has left of its limits, where it has any' })

const validSchema = z.object({
  valid: z.literal(true),
  code: z.literal('VALID'),
  keyId: z.uuid(),
  type: z.enum(keyTypes),
  name: z.string(),
  ownerId: z.string().nullable(),
  scopes: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  expiresAt: z.iso.datetime().nullable(),
  secretVersion: z.int(),
  rotation: rotationSchema.optional(),
  limits: limitsSchema.optional(),
  addressBound: z.literal(true).optional().meta({
    description: 'The key may be used from some addresses alone, so this is true of this address and no other',
  }),
})

const refusedSchema = z.object({
  valid: z.literal(false),
  code: z.enum(validationCodes).exclude(['VALID']),
  keyId: z.uuid().optional().meta({ description: 'Whose secret it is, where that is known' }),
  limits: limitsSchema.optional(),
  retryAfterSeconds: z
    .int()
    .optional()
    .meta({ description: 'Of a key that is over a limit: when the same request may be good' }),
  rotation: rotationSchema.optional().meta({ description: 'Of a key that is over a limit, with a superseded secret' }),
  problemType: z
    .string()
    .optional()
    .meta({ description: 'Of a key that is over a limit: the problem type to answer with (RFC 9457)' }),
})

export const validationSchema = z.discriminatedUnion('valid', [validSchema, refusedSchema]).meta({ id: 'Validation' })
export type Validation = z.infer<typeof validationSchema>

/** What of a key is in answers alone. */
interface Shown {
  name: string
  ownerId: string | null
  metadata: Readonly<Record<string, unknown>>
}

/** Writes what a good answer to a secret says each time, after the id of its key. */
export function writeFacts(record: Omit<SecretRecord, 'facts'>, { name, ownerId, metadata }: Shown): string {
  const facts = {
    type: record.type,
    name,
    ownerId,
    scopes: [...record.scopes],
    metadata,
    expiresAt: record.expiresAt === undefined ? null : new Date(record.expiresAt).toISOString(),
    secretVersion: record.version,
    ...rotationOf(record),
    ...(record.isAllowedFrom && { addressBound: true }),
  } satisfies Omit<z.infer<typeof validSchema>, 'valid' | 'code' | 'keyId'>
  return JSON.stringify(facts).slice(1)
}

/** What people call the key of a record. */
export function nameOf({ facts }: Pick<SecretRecord, 'facts'>): string {
  return validSchema.pick({ name: true }).parse(JSON.parse(`{${facts}`)).name
}

/** Writes a verdict as JSON, in the form of DESIGN.md section 5. */
export function writeVerdict(verdict: Verdict): string {
  if (verdict.code !== 'VALID') return JSON.stringify(describeRefusal(verdict))
  const { record, limits } = verdict
  const left = limits ? `"limits":${JSON.stringify(limits.states)},` : ''
  return `{"valid":true,"code":"VALID","keyId":"${record.keyId}",${left}${record.facts}`
}

/** Puts a verdict in the form of DESIGN.md section 5. */
export function answerVerdict(verdict: Verdict): Validation {
  return validationSchema.parse(JSON.parse(writeVerdict(verdict)))
}

function describeRefusal(verdict: Exclude<Verdict, { code: 'VALID' }>): Validation {
  if (verdict.record === undefined) return { valid: false, code: verdict.code }
  const { code, record, limits } = verdict
  return {
    ...{ valid: false, code, keyId: record.keyId },
    ...(limits && { limits: limits.states.map((state) => ({ ...state })) }),
    ...(limits?.refused && {
      ...rotationOf(record),
      retryAfterSeconds: limits.retryAfterSeconds,
      problemType: problemTypeOf(limits),
    }),
  }
}

function rotationOf(record: Pick<SecretRecord, 'graceEndsAt' | 'currentVersion' | 'claimable'>) {
  if (record.graceEndsAt === undefined) return undefined
  const graceEndsAt = new Date(record.graceEndsAt).toISOString()
  return { rotation: { supersededBy: record.currentVersion, graceEndsAt, claimable: record.claimable } }
}
