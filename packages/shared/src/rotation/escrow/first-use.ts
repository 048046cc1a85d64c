import type { SecretRecord } from '../../keys/validation/record/record.ts'
import { type Context, systemActor } from '../../platform/context.ts'
import { createGrowingCache } from '../../platform/growing-cache.ts'
import { createId } from '../../platform/id.ts'
import type { Logger } from '../../platform/process/log.ts'
import { noteFirstUse } from './burn.ts'

/** First uses that one process remembers to have noted: cached records say otherwise until they are dropped. */
const remembered = 10_000

/**
 * Gives what validation tells of a successor's use. It works behind the answer, once at a time per rotation; what fails
 * is tried again at the next use, which the record asks for until it is noted.
 */
export function createFirstUseNoter(deps: { context: Omit<Context, 'actor' | 'requestId'>; log: Logger }): {
  note(record: SecretRecord): void
  settled(): Promise<void>
} {
  const { context, log } = deps
  const noted = createGrowingCache<string, true>(remembered)
  const underWay = new Map<string, Promise<void>>()

  const note = async (rotationId: string) => {
    try {
      await noteFirstUse({ ...context, actor: systemActor, requestId: createId() }, rotationId, context.now())
      noted.set(rotationId, true)
    } catch (error) {
      log.warn({ err: error, rotationId }, 'the first use of a successor could not be noted; its next use will be')
    } finally {
      underWay.delete(rotationId)
    }
  }
  return {
    note({ rotation }) {
      if (!rotation || noted.has(rotation.id) || underWay.has(rotation.id)) return
      underWay.set(rotation.id, note(rotation.id))
    },
    /** Waits for what is under way. */
    async settled() {
      await Promise.all(underWay.values())
    },
  }
}
