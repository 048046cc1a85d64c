import { z } from 'zod'
import { keyKinds } from '../keys/kinds.ts'

/** How a new credential reaches whoever uses it. The value itself goes to standard input or into the body, never elsewhere. */
export const handOverSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('claim') }).meta({ description: 'It waits in escrow until somebody fetches it' }),
  z
    .strictObject({
      type: z.literal('hook'),
      name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be the name of a file: letters, digits, . _ -'),
    })
    .meta({ description: 'A program in the directory `INTEGRATION_HOOKS_DIR` of the worker takes it' }),
  z
    .strictObject({
      type: z.literal('webhook'),
      url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).max(2000),
    })
    .meta({ description: 'It is sent to a URL, whose host is one of `INTEGRATION_WEBHOOK_HOSTS`' }),
])
export type HandOver = z.infer<typeof handOverSchema>

/** The longest interval between two scheduled rotations: ten years. */
const maxIntervalSeconds = 315_360_000

/** A credential elsewhere has the grace of a key of the type `integration` (DESIGN.md section 5), and never a longer one. */
export const graceSecondsSchema = z.int().min(0).max(keyKinds.integration.defaultGraceSeconds)

/** How a credential elsewhere is rotated. */
export const credentialPolicySchema = z
  .strictObject({
    intervalSeconds: z
      .int()
      .min(60)
      .max(maxIntervalSeconds)
      .nullable()
      .optional()
      .meta({ description: 'A new credential at the latest this long after the one before; null: never by schedule' }),
    graceSeconds: graceSecondsSchema.optional().meta({
      description: 'How long the old one stays there beside its successor; 24 h unless told otherwise',
    }),
    handOver: handOverSchema.optional().meta({ description: '`claim` unless told otherwise' }),
  })
  .refine(({ intervalSeconds, graceSeconds }) => !(intervalSeconds && graceSeconds === 0), {
    path: ['graceSeconds'],
    message: 'must not be 0 where credentials are replaced by schedule: nobody could take the next one in time',
  })
  .meta({ id: 'CredentialPolicy' })
export type CredentialPolicy = z.infer<typeof credentialPolicySchema>
