import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import type { Clock } from '../../platform/clock.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import type { Signer } from '../../platform/sign.ts'
import { readDay } from '../read-day.ts'
import { readHeads } from '../verify.ts'
import { type Intro, writeLine } from './format.ts'

export interface ExportRange {
  /** The first day, UTC; undefined: from the beginning. */
  from?: string | undefined
  /** The last day; undefined: to the end. */
  to?: string | undefined
}

/**
 * Gives an export of whole days, line by line, as the log is at one moment, however long the reader takes. Whoever reads
 * slower than the database's idle timeout gets a failure in the middle, and the reader of the export sees that it ends
 * too early.
 */
export async function* exportAudit(
  { pool, signer, now }: { pool: pg.Pool; signer: Signer; now: Clock },
  { from, to }: ExportRange,
): AsyncGenerator<string> {
  const intro: Intro = {
    format: 'momentry-audit',
    version: 1,
    exportedAt: new Date(now()).toISOString(),
    from: from ?? null,
    to: to ?? null,
    publicKey: { ...signer.publicKey },
  }
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    yield `${JSON.stringify(intro)}\n`
    yield* writeDays(drizzle({ client }), { from, to })
  } finally {
    // Ends the transaction with the connection: its reader may have left in the middle of a query.
    client.release(true)
  }
}

async function* writeDays(db: Queryable, { from, to }: ExportRange): AsyncGenerator<string> {
  let count = 0
  const heads = await readHeads(db)
  for (const head of heads.filter(({ day }) => (from ?? day) <= day && day <= (to ?? day))) {
    yield writeLine({ head })
    if (head.prunedAt !== null) continue
    for await (const page of readDay(db, head.day)) {
      count += page.length
      yield page.map((row) => writeLine({ row })).join('')
    }
  }
  yield writeLine({ end: { rows: count } })
}
