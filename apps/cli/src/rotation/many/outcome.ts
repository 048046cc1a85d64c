import type { Rotation } from '../../api/shapes/rotation.ts'

/** What became of one of many keys: a rotation, or why there is none. */
export interface Outcome {
  keyId: string
  keyName: string
  rotationId?: string
  refusal?: string
  /** The rotation once it is final, where that was waited for. */
  rotation?: Rotation
}

export interface Summary {
  queued: number
  refused: number
  /** Both are undefined where nothing was waited for. `failed` counts those that were cancelled, too. */
  completed: number | undefined
  failed: number | undefined
}

/** Counts what became of many keys. */
export function sumUp(outcomes: readonly Outcome[], waited: boolean): Summary {
  const count = (is: (outcome: Outcome) => boolean) => outcomes.filter(is).length
  const queued = count(({ rotationId }) => rotationId !== undefined)
  const completed = count(({ rotation }) => rotation?.state === 'completed')
  return {
    queued,
    refused: outcomes.length - queued,
    completed: waited ? completed : undefined,
    failed: waited ? queued - completed : undefined,
  }
}

/** Tells whether all went well, as far as it was waited for. */
export function isAllWell({ refused, failed = 0 }: Summary): boolean {
  return refused + failed === 0
}

/** Gives what `--json` prints. */
export function asDocument(outcomes: readonly Outcome[]) {
  const queued = outcomes.filter(({ rotationId }) => rotationId !== undefined)
  return {
    queued: queued.map(({ keyId, keyName, rotationId, rotation }) => ({
      ...{ keyId, keyName, rotationId },
      ...(rotation && { state: rotation.state, error: rotation.error ?? null }),
    })),
    refused: outcomes
      .filter(({ rotationId }) => rotationId === undefined)
      .map(({ keyId, keyName, refusal }) => ({ keyId, keyName, reason: refusal })),
  }
}
