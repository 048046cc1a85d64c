import { useRef, useState } from 'react'
import { api, take } from '../../api/client.ts'
import { toApiError } from '../../api/error.ts'
import { queryClient } from '../../api/query.ts'

export interface ManyOutcome {
  keyId: string
  rotationId?: string
  error?: string
}

/** So many are asked for at once. */
const atOnce = 4

/** Queues a rotation for each of some keys, and tells what came of each as it comes. One that fails stops no other. */
export function useRotateMany() {
  const [outcomes, setOutcomes] = useState<readonly ManyOutcome[]>([])
  const [state, setState] = useState<'idle' | 'running' | 'done'>('idle')
  const stopped = useRef(false)

  const run = async (keyIds: readonly string[], body: { reason?: string; forced?: boolean }) => {
    setState('running')
    stopped.current = false
    const waiting = [...keyIds]
    const work = async () => {
      for (let keyId = waiting.shift(); keyId !== undefined && !stopped.current; keyId = waiting.shift()) {
        const outcome = await rotate(keyId, body)
        setOutcomes((before) => [...before, outcome])
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    setState('done')
    for (const name of ['rotations', 'keys', 'jobs']) void queryClient.invalidateQueries({ queryKey: [name] })
  }
  return {
    outcomes,
    state,
    run,
    stop: () => {
      stopped.current = true
    },
  }
}

async function rotate(keyId: string, body: { reason?: string; forced?: boolean }): Promise<ManyOutcome> {
  try {
    const { rotationId } = await take(api.POST('/v1/keys/{id}/rotate', { params: { path: { id: keyId } }, body }))
    return { keyId, rotationId }
  } catch (error) {
    return { keyId, error: toApiError(error).message }
  }
}
