import type { Clock } from '../../platform/clock.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, eq } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import type { SessionStore } from '../integration.ts'
import { integrationConnections } from '../table.ts'

export interface Session {
  text: string
  /** ms since 1970 */
  expiresAt: number
}

/** The place that a connection's session is sealed for. */
export function sessionPlace(connectionId: string): string {
  return `connection session ${connectionId}`
}

/** Keeps the session of a connection that is stored already, so that all processes have the same one. */
export function storedSessions(deps: { db: Queryable; seal: Seal; now: Clock }, connectionId: string): SessionStore {
  const { db, seal, now } = deps
  const isIt = eq(integrationConnections.id, connectionId)
  const { sealedSession, sessionExpiresAt } = integrationConnections
  const read = async () => {
    const [row] = await db.select({ sealedSession, sessionExpiresAt }).from(integrationConnections).where(isIt)
    return row
  }
  const store: SessionStore = {
    async load() {
      const row = await read()
      if (!row?.sealedSession || !row.sessionExpiresAt || row.sessionExpiresAt.getTime() <= now()) return undefined
      return seal.open(row.sealedSession, sessionPlace(connectionId))
    },
    async save(session, expiresAt) {
      const sealed = seal.seal(session, sessionPlace(connectionId))
      await db
        .update(integrationConnections)
        .set({ sealedSession: sealed, sessionExpiresAt: new Date(expiresAt) })
        .where(isIt)
    },
    async forget(session) {
      const row = await read()
      // Another process may have signed in meanwhile: its session stays.
      if (!row?.sealedSession || seal.open(row.sealedSession, sessionPlace(connectionId)) !== session) return
      await db
        .update(integrationConnections)
        .set({ sealedSession: null, sessionExpiresAt: null })
        .where(and(isIt, eq(sealedSession, row.sealedSession)))
    },
  }
  return store
}

/** Keeps the session of an account that is tried before its connection is stored. */
export function heldSessions(): SessionStore & { current(): Session | undefined } {
  let held: Session | undefined
  return {
    load: async () => held?.text,
    async save(text, expiresAt) {
      held = { text, expiresAt }
    },
    async forget(text) {
      if (held?.text === text) held = undefined
    },
    current: () => held,
  }
}
