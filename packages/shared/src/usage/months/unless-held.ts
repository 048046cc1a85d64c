import { isLockTimeout, type Queryable } from '../../platform/postgres/client.ts'
import { sql } from '../../platform/postgres/query.ts'

/**
 * Does work in a transaction that waits a second at the most for each lock: all who come to a table later stand behind the
 * one who waits to change its shape.
 * @returns what the work counts; 0 where others hold the table, and the next turn tries again
 */
export async function unlessHeld(db: Queryable, work: (db: Queryable) => Promise<number>): Promise<number> {
  try {
    return await db.transaction(async (tx) => {
      await tx.execute(sql`set local lock_timeout = '1s'`)
      return work(tx)
    })
  } catch (error) {
    if (isLockTimeout(error)) return 0
    throw error
  }
}
