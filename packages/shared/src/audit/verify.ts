import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Queryable } from '../platform/postgres/client.ts'
import { type ChainedRow, emptyChain, followChain } from './chain.ts'

export const auditVerificationSchema = z
  .object({
    valid: z.boolean(),
    rows: z.int().meta({ description: 'Rows that were found in order' }),
    firstBroken: z.int().optional().meta({ description: 'The number of the first row that is not as it was written' }),
    reason: z.string().optional(),
  })
  .meta({ id: 'AuditVerification' })
export type AuditVerification = z.infer<typeof auditVerificationSchema>

/** Rows read at a time: memory stays the same whatever the log's length. */
const pageSize = 1000

/** A row as it is stored: `at` to the microsecond and `address` with its mask, so that no edit is too small to show. */
type StoredRow = Omit<ChainedRow, 'seq'> & { seq: string }

/**
 * Checks the whole audit log against its chain of hashes. It finds rows that were changed, removed, put in between or
 * reordered; that the newest rows were cut off it cannot tell by itself.
 */
export async function verifyAudit(db: Queryable): Promise<AuditVerification> {
  let head = emptyChain
  for (;;) {
    const rows = await readPage(db, head.seq)
    const followed = followChain(head, rows)
    head = followed.head
    if (followed.broken)
      return { valid: false, rows: head.seq, firstBroken: followed.broken.seq, reason: followed.broken.reason }
    if (rows.length < pageSize) return { valid: true, rows: head.seq }
  }
}

async function readPage(db: Queryable, after: number): Promise<ChainedRow[]> {
  const result = await db.execute<StoredRow & Record<string, unknown>>(sql`
    select seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, action,
      key_id as "keyId", actor_key_id as "actorKeyId", address::text as address, request_id as "requestId", reason,
      before, after, previous_hash as "previousHash", hash
    from api_key_audit_log where seq > ${after} order by seq limit ${pageSize}`)
  return result.rows.map((row) => ({ ...row, seq: Number(row.seq) }))
}
