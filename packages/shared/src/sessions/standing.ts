import { LRUCache } from 'lru-cache'
import type { Standing } from '../keys/validation/standing.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { isSessionLive } from './find.ts'

/** A stream that sends a thousand alerts in a second asks once (ms). */
const askedMs = 1_000
const capacity = 1_000

/**
 * Gives the check of whoever a request is still being answered for: their secret, and the session that they came by, if
 * they did. Where that cannot be looked up just now, it does not stand.
 */
export function createCallerStanding(deps: {
  stands(standing: Standing): Promise<boolean>
  db: Queryable
  now: Clock
}): (standing: Standing & { sessionId?: string | undefined }) => Promise<boolean> {
  const asked = new LRUCache<string, Promise<boolean>>({ max: capacity, ttl: askedMs })
  const isOpen = (id: string): Promise<boolean> => {
    const known = asked.get(id)
    if (known) return known
    const asking = isSessionLive(deps.db, id, deps.now()).catch(() => false)
    asked.set(id, asking)
    return asking
  }
  return async ({ digest, scope, sessionId }) => {
    if (sessionId !== undefined && !(await isOpen(sessionId))) return false
    return deps.stands({ digest, scope })
  }
}
