import { setTimeout as sleep } from 'node:timers/promises'
import { type ApiClient, path } from '../api/client.ts'
import { type Rotation, rotationSchema } from '../api/shapes/rotation.ts'

export interface FollowOptions {
  signal: AbortSignal
  /** Told when the rotation is in another state than before, and when the server is away. */
  onNote?(text: string): void
}

const firstPollMs = 200
const maxPollMs = 2000

/** For how long the server may be away meanwhile. */
const retryForMs = 300_000

/** Waits until a rotation is final: completed, failed or cancelled. It ends with the signal's reason where that aborts. */
export async function followRotation(api: ApiClient, id: string, { signal, onNote }: FollowOptions): Promise<Rotation> {
  let told: string | undefined
  for (let delayMs = firstPollMs; ; delayMs = Math.min(delayMs * 1.5, maxPollMs)) {
    const rotation = await getRotation(api, id, {
      retryForMs,
      onRetry: (reason) => onNote?.(`${reason}; trying again`),
    })
    if (rotation.state !== told) onNote?.(`the rotation is ${rotation.state}`)
    told = rotation.state
    if (isFinal(rotation)) return rotation
    await sleep(delayMs, undefined, { signal })
  }
}

export function getRotation(
  api: ApiClient,
  id: string,
  retry: { retryForMs?: number; onRetry?: (reason: string) => void } = {},
): Promise<Rotation> {
  return api.call(rotationSchema, { method: 'GET', path: path`/v1/rotations/${id}`, ...retry })
}

function isFinal({ state }: Rotation): boolean {
  return state !== 'queued' && state !== 'running'
}
