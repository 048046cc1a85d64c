import { z } from 'zod'
import { line } from '../../keys/fields/line.ts'

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
