import type { Queryable } from '../platform/postgres/client.ts'
import { asc, desc, gt } from '../platform/postgres/query.ts'
import { type LoggedAlert, loggedAlert } from './logged.ts'
import { alertLog } from './table.ts'

/** Reads on in the log, oldest first: at most `limit` alerts that come after a number. */
export async function readLog(db: Queryable, after: number, limit: number): Promise<LoggedAlert[]> {
  const rows = await db.select().from(alertLog).where(gt(alertLog.seq, after)).orderBy(asc(alertLog.seq)).limit(limit)
  return rows.map(loggedAlert)
}

/** Gives the number of the last alert in the log; 0 where nothing was told yet. */
export async function latestSeq(db: Queryable): Promise<number> {
  const [last] = await db.select({ seq: alertLog.seq }).from(alertLog).orderBy(desc(alertLog.seq)).limit(1)
  return last?.seq ?? 0
}
