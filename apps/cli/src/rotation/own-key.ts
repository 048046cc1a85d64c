import { validationSchema } from '../api/shapes.ts'
import type { Connection } from '../session.ts'

/** Finds the id of the key that the command asks with. That look-up is no use of the key. */
export async function ownKeyId({ api, key }: Connection): Promise<string | undefined> {
  const verdict = await api.call(validationSchema, {
    method: 'POST',
    path: '/v1/keys/validate',
    body: { key, recordUsage: false },
  })
  return verdict.keyId ?? undefined
}
