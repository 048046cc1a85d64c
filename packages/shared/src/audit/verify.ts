import { asc, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Queryable } from '../platform/postgres/client.ts'
import type { Signer } from '../platform/sign.ts'
import type { StoredHead } from './head.ts'
import { readDay } from './read-day.ts'
import { apiKeyAuditHeads } from './table.ts'
import { type Anchor, type Walked, walkLog } from './walk.ts'

const headSchema = z
  .object({
    day: z.iso.date(),
    seq: z.int(),
    hash: z.string().meta({ description: 'SHA-256 of the newest row, in hex; covers all earlier ones' }),
  })
  .meta({ id: 'AuditHead' })

export const auditVerificationSchema = z
  .object({
    valid: z.boolean(),
    rows: z.int().meta({ description: 'Rows that were found in order' }),
    firstBroken: z.int().optional().meta({ description: 'The number of the first row that is not as it was written' }),
    reason: z.string().optional(),
    head: headSchema
      .nullable()
      .meta({ description: 'Where the log ends: an anchor for later; null where it is empty' }),
  })
  .meta({ id: 'AuditVerification' })
export type AuditVerification = z.infer<typeof auditVerificationSchema>

/**
 * Checks the whole audit log: each day's rows by their chain of hashes, and each day's end by its signed head. It finds
 * rows that were changed, removed, put in between, reordered or cut off at the end. That the log was set back as a whole
 * to what it once was only an anchor can tell. Memory does not grow with the log.
 */
export function verifyAudit(
  db: Queryable,
  { signer, anchor }: { signer: Pick<Signer, 'verify'>; anchor?: Anchor | undefined },
): Promise<AuditVerification> {
  return db.transaction(
    async (tx) => {
      const heads = await readHeads(tx)
      const walked = await walkLog(
        heads.map((head) => ({ head, rows: () => readDay(tx, head.day) })),
        { verify: (text, signature) => signer.verify(text, signature), anchor },
      )
      const stray = walked.broken ? undefined : await findStray(tx, heads)
      return tell(heads.at(-1), stray === undefined ? walked : { rows: walked.rows, broken: stray })
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

/** Gives the heads of all days, in order. */
export function readHeads(db: Queryable): Promise<StoredHead[]> {
  return db.select().from(apiKeyAuditHeads).orderBy(asc(apiKeyAuditHeads.day))
}

function tell(newest: StoredHead | undefined, { rows, broken }: Walked): AuditVerification {
  const head = newest ? { day: newest.day, seq: newest.lastSeq, hash: newest.hash.toString('hex') } : null
  if (!broken) return { valid: true, rows, head }
  return { valid: false, rows, firstBroken: broken.seq, reason: broken.reason, head }
}

/** Finds a row that lies in a partition of which no head knows: it was written around Momentry, or its head is gone. */
async function findStray(db: Queryable, heads: readonly StoredHead[]): Promise<Walked['broken']> {
  const known = new Set(heads.map(({ day }) => `api_key_audit_log_${day.replaceAll('-', '')}`))
  const partitions = await db.execute<{ name: string }>(sql`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'api_key_audit_log'::regclass`)
  for (const { name } of partitions.rows.filter((partition) => !known.has(partition.name))) {
    const { rows } = await db.execute<{ seq: string | null }>(sql`select min(seq) as seq from ${sql.raw(name)}`)
    const seq = rows[0]?.seq
    if (seq != null) return { seq: Number(seq), reason: 'no signed head knows the day of this row' }
  }
  return undefined
}
