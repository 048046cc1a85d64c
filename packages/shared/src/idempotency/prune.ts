import type { Queryable } from '../platform/postgres/client.ts'
import { lt } from '../platform/postgres/query.ts'
import { idempotencyHours } from './run.ts'
import { apiIdempotency } from './table.ts'

/** Removes answers that are too old to be given again. @param now ms @returns how many */
export async function pruneIdempotency(db: Queryable, now: number): Promise<number> {
  const oldest = new Date(now - idempotencyHours * 3_600_000)
  const { rowCount } = await db.delete(apiIdempotency).where(lt(apiIdempotency.createdAt, oldest))
  return rowCount ?? 0
}
