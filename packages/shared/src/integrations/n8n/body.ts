import { z } from 'zod'
import { line } from '../../keys/fields/line.ts'
import { adoptSchema, newCredentialFields, oneAccount, oneAccountError } from '../credentials/schemas.ts'
import { n8nCredentialsSchema } from './credentials.ts'

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
