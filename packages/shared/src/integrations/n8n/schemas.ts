import { z } from 'zod'
import { line } from '../../keys/fields/line.ts'
import { adoptSchema, newCredentialFields, oneAccount, oneAccountError } from '../credentials/schemas.ts'

/** What a user of n8n signs in with: its API keys are managed under a session, never by another key. */
export const n8nCredentialsSchema = z
  .strictObject({
    email: line(254).meta({ example: 'ops@example.com' }),
    password: z.string().min(1).max(1000),
    mfaCode: z
      .string()
      .regex(/^[0-9A-Za-z-]{1,64}$/, 'must be a one-time code: letters, digits and hyphens')
      .optional()
      .meta({ description: 'For users with two-factor authentication', example: '123456' }),
  })
  .meta({ id: 'N8nCredentials' })
export type N8nCredentials = z.output<typeof n8nCredentialsSchema>

/** A new API key, in n8n's words (DESIGN.md section 6). */
export const createN8nKeySchema = z
  .strictObject({
    label: line(50).meta({ example: 'ci' }),
    ...newCredentialFields,
    credentials: n8nCredentialsSchema.optional(),
  })
  .refine(oneAccount, oneAccountError)
  .meta({ id: 'CreateN8nKey' })
  .transform(({ label, ...input }) => ({ ...input, name: label }))

/** By which account its keys are to be compared. */
export const reconcileN8nKeysSchema = z
  .strictObject({
    connectionId: newCredentialFields.connectionId,
    credentials: n8nCredentialsSchema.optional(),
    adopt: adoptSchema,
  })
  .refine(oneAccount, oneAccountError)
  .meta({ id: 'ReconcileN8nKeys' })
