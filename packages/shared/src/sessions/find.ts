import type { Queryable } from '../platform/postgres/client.ts'
import { eq } from '../platform/postgres/query.ts'
import { isLive } from './life.ts'
import { consoleSessions } from './table.ts'
import { hashToken } from './token.ts'

/** A session that may be used, if its secret still may. */
export interface LiveSession {
  id: string
  keyId: string
  /** SHA-256 of the secret that it was opened with: each use asks whether that is still good. */
  secretDigest: Buffer
  lastSeenAt: Date
  expiresAt: Date
}

const columns = {
  id: consoleSessions.id,
  keyId: consoleSessions.keyId,
  secretDigest: consoleSessions.secretDigest,
  lastSeenAt: consoleSessions.lastSeenAt,
  expiresAt: consoleSessions.expiresAt,
}

/**
 * Finds the session of a cookie. Postgres is asked each time, so that one that was ended is ended in every process at once.
 * @param now ms
 * @returns undefined where there is none, or where its time is over
 */
export async function findSession(db: Queryable, token: string, now: number): Promise<LiveSession | undefined> {
  const digest = hashToken(token)
  if (!digest) return undefined
  const [found] = await db.select(columns).from(consoleSessions).where(eq(consoleSessions.tokenDigest, digest)).limit(1)
  return found && isLive(found, now) ? found : undefined
}

/** Whether a session, by its id, may still be used as far as its own time goes. @param now ms */
export async function isSessionLive(db: Queryable, id: string, now: number): Promise<boolean> {
  const [found] = await db.select(columns).from(consoleSessions).where(eq(consoleSessions.id, id)).limit(1)
  return found !== undefined && isLive(found, now)
}
