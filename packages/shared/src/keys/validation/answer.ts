import { z } from 'zod'
import { keyTypes } from '../kinds.ts'
import { validationCodes } from '../status.ts'
import type { SecretRecord } from './record.ts'
import type { Verdict } from './validate.ts'

const rotationSchema = z
  .object({
    supersededBy: z.int().meta({ description: 'The version that took over' }),
    graceEndsAt: z.iso.datetime().meta({ description: 'When this secret stops validating' }),
    claimable: z.boolean().meta({ description: 'Whether this secret can fetch its successor' }),
  })
  .meta({ id: 'SupersededSecret' })

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
})

const refusedSchema = z.object({
  valid: z.literal(false),
  code: z.enum(validationCodes).exclude(['VALID']),
  keyId: z.uuid().optional().meta({ description: 'Whose secret it is, where that is known' }),
})

export const validationSchema = z.discriminatedUnion('valid', [validSchema, refusedSchema]).meta({ id: 'Validation' })
export type Validation = z.infer<typeof validationSchema>

/** Puts a verdict in the form of DESIGN.md section 5. */
export function answerVerdict(verdict: Verdict): Validation {
  if (verdict.record === undefined) return { valid: false, code: verdict.code }
  const { code, record } = verdict
  if (code !== 'VALID') return { valid: false, code, keyId: record.keyId }
  return {
    valid: true,
    code,
    keyId: record.keyId,
    type: record.type,
    name: record.name,
    ownerId: record.ownerId,
    scopes: [...record.scopes],
    metadata: record.metadata,
    expiresAt: record.expiresAt === undefined ? null : new Date(record.expiresAt).toISOString(),
    secretVersion: record.version,
    ...rotationOf(record),
  }
}

function rotationOf(record: SecretRecord) {
  if (record.graceEndsAt === undefined) return undefined
  const graceEndsAt = new Date(record.graceEndsAt).toISOString()
  return { rotation: { supersededBy: record.currentVersion, graceEndsAt, claimable: record.claimable } }
}
