import { z } from 'zod'
import { line } from '../../keys/fields/line.ts'
import { adoptSchema, newCredentialFields, oneAccount, oneAccountError } from '../credentials/schemas.ts'
import { giteaCredentialsSchema } from './credentials.ts'

const username = line(300)
  .optional()
  .meta({ description: "Whose token it is; the account's own unless told otherwise, which a site admin may" })

/** A new token, in Gitea's words (DESIGN.md section 6). */
export const createGiteaTokenSchema = z
  .strictObject({
    username,
    name: line(255).meta({ example: 'ci' }),
    ...newCredentialFields,
    credentials: giteaCredentialsSchema.optional(),
  })
  .refine(oneAccount, oneAccountError)
  .meta({ id: 'CreateGiteaToken' })
  .transform(({ username, ...input }) => ({ ...input, owner: username }))

/** Whose tokens are to be compared, and by which account. */
export const reconcileGiteaTokensSchema = z
  .strictObject({
    username,
    connectionId: newCredentialFields.connectionId,
    credentials: giteaCredentialsSchema.optional(),
    adopt: adoptSchema,
  })
  .refine(oneAccount, oneAccountError)
  .meta({ id: 'ReconcileGiteaTokens' })
  .transform(({ username, ...input }) => ({ ...input, owner: username }))
