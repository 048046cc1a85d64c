import { z } from '@hono/zod-openapi'
import { keyTypes } from '@momentry/shared/keys/kinds.ts'
import type { Caller } from '../../http/env.ts'
import { exampleKey } from '../examples.ts'

/** Who is signed in, and until when. */
export const signedInSchema = z
  .object({
    keyId: z.uuid(),
    name: z.string(),
    type: z.enum(keyTypes),
    scopes: z.array(z.string()).meta({ description: 'What the key holds: more is not possible' }),
    secretVersion: z.int(),
    expiresAt: z.iso.datetime().meta({ description: 'When the session ends, whatever is done with it' }),
  })
  .meta({ id: 'SignedIn' })

export const exampleSignedIn: z.input<typeof signedInSchema> = {
  keyId: exampleKey.id,
  name: exampleKey.name,
  type: exampleKey.type,
  scopes: ['keys:*', 'anomalies:read'],
  secretVersion: 1,
  expiresAt: '2026-01-05T21:30:00.000Z',
}

/** Shows a caller and the end of their session. */
export function viewSignedIn(caller: Omit<Caller, 'session'>, expiresAt: Date): z.output<typeof signedInSchema> {
  const { keyId, name, type, scopes, secretVersion } = caller
  return { keyId, name, type, scopes: [...scopes], secretVersion, expiresAt: expiresAt.toISOString() }
}
