import type { Queryable } from '../platform/postgres/client.ts'
import { lte, or } from '../platform/postgres/query.ts'
import { over } from './life.ts'
import { consoleSessions } from './table.ts'

/** Removes sessions whose time is over. @param now ms @returns how many */
export async function pruneSessions(db: Queryable, now: number): Promise<number> {
  const ended = over(now)
  const { rowCount } = await db
    .delete(consoleSessions)
    .where(or(lte(consoleSessions.expiresAt, ended.expiresAt), lte(consoleSessions.lastSeenAt, ended.lastSeenAt)))
  return rowCount ?? 0
}
