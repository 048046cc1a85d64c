import type { ApiClient } from '../api/client.ts'
import type { Rotation } from '../api/shapes/rotation.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import type { Output } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import type { Session } from '../session.ts'
import { followRotation, getRotation } from './follow.ts'
import { nextSteps } from './next-steps.ts'
import { type RotationWish, requestRotation } from './request.ts'
import { fetchSuccessor, showSuccessor } from './successor.ts'

/** Queues the rotation of a key, and tells what comes next. */
export async function rotateOne({ out }: Session, api: ApiClient, keyId: string, wish: RotationWish): Promise<void> {
  const { rotationId, status } = await requestRotation(api, keyId, wish)
  const rotation = await lookAt(api, rotationId)
  if (out.json) return out.document(rotation ?? { id: rotationId, keyId, state: status })
  showHead(out, { id: rotationId, ...rotation })
  out.line(`state     ${rotation?.state ?? status}`)
  for (const line of nextSteps(rotationId, wish, rotation ?? {}, Date.now())) out.note(line)
}

/**
 * Rotates a key, waits until that is done, and shows the new secret, this once.
 * @throws CliFailure where the rotation fails or is cancelled
 */
export async function rotateAndWait(
  { out, signal }: Session,
  api: ApiClient,
  keyId: string,
  wish: RotationWish,
): Promise<void> {
  const { rotationId } = await requestRotation(api, keyId, wish)
  out.note(`waiting for rotation ${rotationId} (Ctrl-C ends the waiting, not the rotation)`)
  const rotation = await followRotation(api, rotationId, { signal, onNote: (text) => out.note(text) })
  if (rotation.state !== 'completed') {
    if (out.json) out.document(rotation)
    throw new CliFailure(
      exitCodes.failed,
      `the rotation is ${rotation.state}: ${rotation.error ?? 'no reason is told'}`,
    )
  }
  const successor = await fetchSuccessor(api, rotationId).catch((error: unknown) => {
    if (!(error instanceof CliFailure)) throw error
    const details = [...error.details, `the rotation is done; for the secret: momentry rotation secret ${rotationId}`]
    throw new CliFailure(error.exitCode, error.message, { details, cause: error })
  })
  const { key, encryptedKey } = successor
  if (out.json) return out.document({ ...rotation, ...(key === undefined ? { encryptedKey } : { key }) })
  showHead(out, rotation)
  if (rotation.graceEndsAt) out.line(`grace     until ${rotation.graceEndsAt}`)
  showSuccessor(out, successor)
}

/** Gives the rotation; undefined where it cannot be looked at, as with a key that lacks the scope. It is queued anyhow. */
async function lookAt(api: ApiClient, id: string): Promise<Rotation | undefined> {
  try {
    return await getRotation(api, id)
  } catch (error) {
    if (error instanceof CliFailure) return undefined
    throw error
  }
}

function showHead(out: Output, { id, keyName, keyType }: { id: string } & Partial<Rotation>): void {
  out.line(`rotation  ${id}`)
  if (keyName !== undefined) out.line(`key       ${printable(keyName)} (${keyType})`)
}
