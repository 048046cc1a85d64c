import { z } from 'zod'
import { createKeySchema } from '../schemas.ts'

/** Of one request. */
export const maxEntries = 1_000

const unsupported =
  'must be the SHA-256 of the secret, in hex or base64: what is hashed otherwise (bcrypt, scrypt, HMAC, with a salt) cannot be looked up'

/** A SHA-256 in any of the ways in which programs write it: hex, base64, base64url, with or without padding. */
const digestSchema = z
  .string()
  .max(100)
  .transform((text, context): Buffer => {
    if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex')
    if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64')
    context.addIssue({ code: 'custom', message: unsupported })
    return z.NEVER
  })

const visible = /^[\x21-\x7e]*$/

/** A key that another system issued, with the digest of its secret in the place of the secret. */
export const importedKeySchema = z.strictObject({
  ...createKeySchema.shape,
  type: createKeySchema.shape.type.exclude(['emergency']).default('service'),
  digest: digestSchema.meta({ description: 'SHA-256 of the secret: 64 characters of hex, or 43 or 44 of base64' }),
  prefix: z
    .string()
    .max(30)
    .regex(visible, 'must hold visible ASCII characters alone')
    .default('')
    .meta({ description: 'How its secrets begin; what begins otherwise is not looked up', example: 'sk_live_' }),
  hint: z
    .string()
    .max(20)
    .regex(visible, 'must hold visible ASCII characters alone')
    .default('')
    .meta({ description: "The secret's last characters, by which people tell it" }),
  createdAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .refine((date) => date.getTime() <= Date.now() + 60_000, 'must not lie in the future')
    .optional(),
})
export type ImportedKey = z.output<typeof importedKeySchema>

export const importKeysSchema = z
  .strictObject({
    keys: z.array(z.record(z.string(), z.unknown())).min(1).max(maxEntries).meta({
      description:
        'Each `{digest, name, prefix?, hint?, type?, ownerId?, scopes?, metadata?, policy?, publicKey?, expiresAt?, createdAt?}`',
    }),
    dryRun: z.boolean().optional().meta({ description: 'true: only tell what would be done' }),
  })
  .meta({ id: 'ImportKeys' })

export const importedSchema = z
  .object({
    imported: z
      .array(z.object({ index: z.int(), id: z.uuid() }))
      .meta({ description: 'Of a dry run, the ids are of none' }),
    existing: z
      .array(z.object({ index: z.int(), id: z.uuid() }))
      .meta({ description: 'Their secrets are known already' }),
    refused: z.array(
      z.object({ index: z.int(), errors: z.array(z.object({ pointer: z.string(), detail: z.string() })) }),
    ),
  })
  .meta({ id: 'ImportedKeys' })
export type Imported = z.infer<typeof importedSchema>
