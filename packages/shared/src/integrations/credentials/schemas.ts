import { z } from 'zod'
import { line } from '../../keys/fields/line.ts'
import { reasonSchema } from '../../keys/schemas.ts'
import { idSchema } from '../../platform/id.ts'
import { credentialPolicySchema, graceSecondsSchema } from '../policy.ts'
import { credentialStates } from '../states.ts'

const time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .meta({ description: 'RFC 3339, in the future', example: '2030-01-01T00:00:00Z' })

const connectionId = idSchema.meta({ description: 'A stored connection that acts' })
const remoteId = line(100)

/** The longest list of scopes, and the longest of them, that are sent to another system. */
const scopes = z
  .array(line(100))
  .min(1)
  .max(300)
  .transform((list) => [...new Set(list)])

/** What a new credential is made of, whatever the system; routes add the account, in the system's own words. */
export const newCredentialFields = {
  scopes: scopes.meta({ description: "In the other system's own words", example: ['read:user'] }),
  expiresAt: time.nullable().optional(),
  policy: credentialPolicySchema.optional(),
  connectionId: connectionId.optional(),
}

/** Who acts: a stored connection, or credentials for this one time; never both. */
export function oneAccount(input: { connectionId?: unknown; credentials?: unknown }): boolean {
  return input.connectionId === undefined || input.credentials === undefined
}
export const oneAccountError = { path: ['credentials'], message: 'give a connection or credentials, and not both' }

/** A new credential, in Momentry's own words. */
export interface CreateCredentialInput {
  /** Whose it is to be; undefined: the account's own. */
  owner?: string | undefined
  name: string
  scopes: readonly string[]
  expiresAt?: Date | null | undefined
  policy?: z.output<typeof credentialPolicySchema> | undefined
  connectionId?: string | undefined
  credentials?: unknown
}

/** Whose credentials are compared, and who looks. */
export interface ReconcileInput {
  owner?: string | undefined
  connectionId?: string | undefined
  credentials?: unknown
  /** What is there and unknown is taken in: all of it, or what has these ids there. */
  adopt?: boolean | readonly string[] | undefined
}

/** What of a tracked credential can be changed. `policy` is replaced as a whole. */
export const updateCredentialSchema = z
  .strictObject({
    policy: credentialPolicySchema.optional(),
    connectionId: connectionId.nullable().optional(),
    expiresAt: time.nullable().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'must change something')
  .meta({ id: 'UpdateCredential' })
export type UpdateCredentialInput = z.output<typeof updateCredentialSchema>

/** What of the other system's credentials is to be taken in: all that is not tracked, or what has these ids there. */
export const adoptSchema = z.union([z.boolean(), z.array(remoteId).max(500)]).optional()

/** Filters of a list, from a query string. */
export const listCredentialsSchema = z.strictObject({
  state: z.enum(credentialStates).optional(),
  owner: line(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: idSchema.optional().meta({ description: '`pagination.cursor` of the page before' }),
})
export type ListCredentialsInput = z.output<typeof listCredentialsSchema>

export const verifyCredentialSchema = z
  .strictObject({ key: z.string().min(1).max(4000).meta({ description: 'The value to ask about' }) })
  .meta({ id: 'VerifyCredential' })

/** What an operator asks for. */
export const rotateCredentialSchema = z
  .strictObject({
    reason: reasonSchema.optional(),
    forced: z
      .boolean()
      .optional()
      .meta({ description: 'For an incident: the old one is deleted as soon as there is a new one' }),
    graceSeconds: graceSecondsSchema
      .optional()
      .meta({ description: 'How long the old one stays; policy and expiry of the credential set limits' }),
  })
  .refine((input) => !(input.forced && input.graceSeconds), {
    path: ['graceSeconds'],
    message: 'a forced rotation has no grace',
  })
  .meta({ id: 'RotateCredential' })
