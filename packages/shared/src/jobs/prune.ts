import type { Queryable } from '../platform/postgres/client.ts'
import { lt } from '../platform/postgres/query.ts'
import { jobs } from './table.ts'

/**
 * Removes jobs that are over since more than `keptSeconds`, with their steps. Those under way have no end, so they stay.
 * @param now ms
 * @returns how many
 */
export async function pruneJobs(db: Queryable, keptSeconds: number, now: number): Promise<number> {
  const oldest = new Date(now - keptSeconds * 1000)
  const { rowCount } = await db.delete(jobs).where(lt(jobs.finishedAt, oldest))
  return rowCount ?? 0
}
