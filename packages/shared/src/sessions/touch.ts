import type { Queryable } from '../platform/postgres/client.ts'
import { and, eq, lte } from '../platform/postgres/query.ts'
import { isTouchDue, touchMs } from './life.ts'
import { consoleSessions } from './table.ts'

/** Notes that a session is used, at most once a minute, which moves the end of its idle time. @param now ms */
export async function touchSession(
  db: Queryable,
  session: { id: string; lastSeenAt: Date },
  now: number,
): Promise<void> {
  if (!isTouchDue(session, now)) return
  await db
    .update(consoleSessions)
    .set({ lastSeenAt: new Date(now) })
    .where(and(eq(consoleSessions.id, session.id), lte(consoleSessions.lastSeenAt, new Date(now - touchMs))))
}
