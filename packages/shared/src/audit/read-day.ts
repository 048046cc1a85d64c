import type { Queryable } from '../platform/postgres/client.ts'
import { sql } from '../platform/postgres/query.ts'
import type { ChainedRow } from './chain.ts'

/** Rows read at a time: memory stays the same whatever the log's length. */
const pageSize = 5000

/** A row as it is stored: `at` to the microsecond and `address` with its mask, so that no edit is too small to show. */
type StoredRow = Omit<ChainedRow, 'seq'> & { seq: string }

/** Where the next page begins: behind this row. Of two rows with one number, which only a forger makes, both are read. */
type Place = Pick<ChainedRow, 'seq' | 'at'>

/** Gives a day's rows in the order of their numbers, page after page. The next page is fetched while one is dealt with. */
export async function* readDay(db: Queryable, day: string): AsyncIterable<ChainedRow[]> {
  let next = readPage(db, day, { seq: Number.MIN_SAFE_INTEGER, at: '-infinity' })
  for (;;) {
    const page = await next
    const last = page.at(-1)
    const isLast = page.length < pageSize || last === undefined
    if (!isLast) {
      next = readPage(db, day, last)
      // Where whoever reads stops here, nobody waits for it any more.
      next.catch(() => undefined)
    }
    if (page.length > 0) yield page
    if (isLast) return
  }
}

async function readPage(db: Queryable, day: string, after: Place): Promise<ChainedRow[]> {
  const result = await db.execute<StoredRow & Record<string, unknown>>(sql`
    select seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, action,
      key_id as "keyId", actor_key_id as "actorKeyId", address::text as address, request_id as "requestId", reason,
      before, after, previous_hash as "previousHash", hash
    from api_key_audit_log
    where at >= ${day}::date::timestamp at time zone 'UTC' and at < (${day}::date + 1)::timestamp at time zone 'UTC'
      and (seq, at) > (${after.seq}, ${after.at}::timestamptz)
    order by seq, at limit ${pageSize}`)
  return result.rows.map((row) => ({ ...row, seq: Number(row.seq) }))
}
