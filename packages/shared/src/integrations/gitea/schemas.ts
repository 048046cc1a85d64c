import { z } from 'zod'
import { line } from '../../keys/fields/line.ts'
import { adoptSchema, newCredentialFields, oneAccount, oneAccountError } from '../credentials/schemas.ts'

/** The longest user name of Gitea has 40 characters; addresses, which it signs in as well, have up to 254. */
const maxUsername = 254
/** Gitea itself sets no limit; its headers end at 1 MiB. */
const maxPassword = 1000

/** What a user of Gitea signs in with: tokens are made with the password alone, never with another token. */
export const giteaCredentialsSchema = z
  .strictObject({
    username: line(maxUsername)
      .refine((name) => !name.includes(':'), 'must not hold a colon: Basic authentication ends the name there')
      .meta({ example: 'ci-bot' }),
    password: z.string().min(1).max(maxPassword),
    otp: z
      .string()
      .regex(/^[0-9A-Za-z-]{1,64}$/, 'must be a one-time code: letters, digits and hyphens')
      .optional()
      .meta({ description: 'For users with two-factor authentication', example: '123456' }),
  })
  .meta({ id: 'GiteaCredentials' })
export type GiteaCredentials = z.output<typeof giteaCredentialsSchema>

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
