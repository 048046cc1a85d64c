import { z } from 'zod'
import type { Call } from '../../api/client.ts'
import { eventually } from './eventually.ts'

const queuedSchema = z.object({ rotationId: z.string() })
const rotationSchema = z.looseObject({
  state: z.string(),
  toVersion: z.int().nullable(),
  graceEndsAt: z.string().nullable(),
  claimedBy: z.string().nullable(),
  firstUsedAt: z.string().nullable(),
})
export type Rotation = z.infer<typeof rotationSchema>

/** Reads a rotation. */
export async function readRotation(call: Call, id: string): Promise<Rotation> {
  return rotationSchema.parse((await call('GET', `/v1/rotations/${id}`)).body)
}

/** Reads a rotation as soon as it is as wanted. */
export function waitForRotation(call: Call, id: string, wanted: Partial<Rotation>): Promise<void> {
  return eventually(() => readRotation(call, id)).toMatchObject(wanted)
}

/** Has a key rotated, and gives the rotation's id once that is done. */
export async function rotateKey(call: Call, keyId: string, request: object = {}): Promise<string> {
  const { status, body, text } = await call('POST', `/v1/keys/${keyId}/rotate`, { body: request })
  if (status !== 202) throw new Error(`no rotation was queued: ${text}`)
  const { rotationId } = queuedSchema.parse(body)
  await waitForRotation(call, rotationId, { state: 'completed' })
  return rotationId
}

/** Ends the grace of a rotation now. */
export async function endGrace(call: Call, rotationId: string): Promise<void> {
  const { status, text } = await call('PATCH', `/v1/rotations/${rotationId}`, { body: { graceSeconds: 0 } })
  if (status !== 200) throw new Error(`the grace was not ended: ${text}`)
}
