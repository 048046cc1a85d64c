import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { and, eq } from '../platform/postgres/query.ts'
import { consoleSessions } from './table.ts'

/** Signs out of one session of a key. @throws MomentryError `SESSION_NOT_FOUND`, also for one of another key */
export async function endSession(context: Context, { keyId, id }: { keyId: string; id: string }): Promise<void> {
  await withTransaction(context, async (tx) => {
    const { rowCount } = await tx.db
      .delete(consoleSessions)
      .where(and(eq(consoleSessions.id, id), eq(consoleSessions.keyId, keyId)))
    if (!rowCount) throw new MomentryError('SESSION_NOT_FOUND', 'the key has no such session')
    await appendAudit(tx, { action: 'session.ended', keyId, before: { sessionId: id } })
  })
}

/** Signs out of all sessions of a key, wherever they were opened. @returns how many there were */
export async function endSessions(context: Context, keyId: string): Promise<number> {
  return withTransaction(context, async (tx) => {
    const { rowCount } = await tx.db.delete(consoleSessions).where(eq(consoleSessions.keyId, keyId))
    const sessions = rowCount ?? 0
    if (sessions > 0) await appendAudit(tx, { action: 'session.ended', keyId, before: { sessions } })
    return sessions
  })
}

/** Forgets a session whose secret is no longer good: it does not come back should the key be enabled again. */
export async function forgetSession(db: Queryable, id: string): Promise<void> {
  await db.delete(consoleSessions).where(eq(consoleSessions.id, id))
}
