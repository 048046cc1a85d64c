import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { type ApiClient, path } from '../api/client.ts'
import { queuedSchema } from '../api/shapes/rotation.ts'

/** What is asked of a rotation. */
export interface RotationWish {
  reason?: string | undefined
  forced: boolean
  /** undefined: as the key's policy and type say. */
  graceSeconds?: number | undefined
}

/** Tells whether the old secret is to stop with the rotation, so that nothing more can be done with it. */
export function stopsAtOnce({ forced, graceSeconds }: RotationWish): boolean {
  return forced || graceSeconds === 0
}

/** Asks for a rotation. A request whose answer got lost is sent again, and gives the same rotation. */
export function requestRotation(
  api: ApiClient,
  keyId: string,
  { reason, forced, graceSeconds }: RotationWish,
  retryForMs?: number,
): Promise<z.infer<typeof queuedSchema>> {
  return api.call(queuedSchema, {
    method: 'POST',
    path: path`/v1/keys/${keyId}/rotate`,
    body: { reason, graceSeconds, ...(forced && { forced }) },
    idempotencyKey: randomUUID(),
    ...(retryForMs !== undefined && { retryForMs }),
  })
}
