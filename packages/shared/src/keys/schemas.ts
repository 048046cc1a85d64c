import { z } from 'zod'
import { unprintable } from '../platform/unprintable.ts'
import { scopeExpressionSchema } from '../scopes/expression.ts'
import { scopesSchema } from '../scopes/scope.ts'
import { line } from './fields/line.ts'
import { metadataSchema } from './fields/metadata.ts'
import { keyPolicySchema } from './fields/policy.ts'
import { publicKeySchema } from './fields/public-key.ts'
import { keyTypes } from './kinds.ts'
import { keyStatuses } from './status.ts'

const name = line(300).meta({ description: 'What people call the key', example: 'billing service' })
const ownerId = line(200).meta({ description: 'Whose key it is, in your own terms', example: 'team-payments' })
const time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .meta({ description: 'RFC 3339, in the future', example: '2030-01-01T00:00:00Z' })

/** What a new key is made of. Times are checked against the present by the verb. */
export const createKeySchema = z
  .strictObject({
    type: z.enum(keyTypes),
    name,
    ownerId: ownerId.optional(),
    scopes: scopesSchema.optional(),
    metadata: metadataSchema.optional(),
    policy: keyPolicySchema.optional(),
    expiresAt: time.nullable().optional(),
    publicKey: publicKeySchema.nullable().optional(),
  })
  .meta({ id: 'CreateKey' })
export type CreateKeyInput = z.output<typeof createKeySchema>

/** What of a key can be changed. `metadata` and `policy` are replaced as a whole. */
export const updateKeySchema = z
  .strictObject({
    name: name.optional(),
    scopes: scopesSchema.optional(),
    metadata: metadataSchema.optional(),
    policy: keyPolicySchema.optional(),
    expiresAt: time.nullable().optional(),
    publicKey: publicKeySchema.nullable().optional(),
    enabled: z.boolean().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'must change something')
  .meta({ id: 'UpdateKey' })
export type UpdateKeyInput = z.output<typeof updateKeySchema>

export const reasonSchema = line(500).meta({ description: 'Why, for the audit log', example: 'leaked in a commit' })

export const revokeKeySchema = z.strictObject({ reason: reasonSchema.optional() }).meta({ id: 'RevokeKey' })
export type RevokeKeyInput = z.output<typeof revokeKeySchema>

/** Filters of a list, from a query string. */
export const listKeysSchema = z.strictObject({
  type: z.enum(keyTypes).optional(),
  status: z.enum(keyStatuses).optional(),
  owner: ownerId.optional(),
  text: z
    .string()
    .min(1)
    .max(300)
    .refine((text) => !unprintable.test(text), 'must not hold control characters')
    .optional()
    .meta({ description: 'Part of the name, in any case, or a whole id' }),
  sort: z.enum(['createdAt', 'name', 'lastUsedAt']).default('createdAt'),
  order: z
    .enum(['asc', 'desc'])
    .optional()
    .meta({ description: 'By default the newest first, the last used first, and names from A to Z' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .min(1)
    .max(4_000)
    .optional()
    .meta({ description: '`pagination.cursor` of the page before, in the same order' }),
})
export type ListKeysInput = z.output<typeof listKeysSchema>

/** What a service asks about a secret that it received. */
export const validateKeySchema = z
  .strictObject({
    key: z.string().min(1).max(500).meta({ description: 'The secret to check' }),
    clientIp: z.union([z.ipv4(), z.ipv6()]).optional().meta({
      description: 'Who sent it to you; believed of callers with the scope keys:validate',
      example: '203.0.113.7',
    }),
    scopes: scopesSchema.optional().meta({ description: 'Scopes that the request needs, all of them' }),
    scopeExpression: scopeExpressionSchema.optional(),
    requestId: line(100).optional().meta({
      description: 'Names the request: one that is sent again within 24 h spends of the quota once',
      example: 'order-4711-charge',
    }),
    recordUsage: z
      .boolean()
      .optional()
      .meta({ description: 'false where you also report the outcome by POST /v1/usage, so that it counts once' }),
  })
  .meta({ id: 'ValidateKey' })
export type ValidateKeyInput = z.output<typeof validateKeySchema>
