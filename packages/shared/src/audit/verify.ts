import { z } from 'zod'
import type { Queryable } from '../platform/postgres/client.ts'
import { asc, gte, sql } from '../platform/postgres/query.ts'
import type { Signer } from '../platform/sign.ts'
import { type BrokenRow, emptyChain } from './chain.ts'
import { findStray } from './find-stray.ts'
import { readDay } from './read-day.ts'
import { apiKeyAuditHeads } from './table.ts'
import { type Anchor, createWalk, type Walk, type Walked } from './walk.ts'

const headSchema = z
  .object({
    day: z.iso.date(),
    seq: z.int(),
    hash: z.string().meta({ description: 'SHA-256 of the newest row, in hex; covers all earlier ones' }),
    keyId: z.string().meta({ description: 'Of the key that signed the head' }),
    signature: z.string().meta({ description: 'Ed25519, in hex, over the head as an export has it' }),
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
      .meta({ description: 'The end of the last day that is proved: an anchor for later; null where there is none' }),
    adopted: z.object({ lastSeq: z.int(), at: z.iso.datetime() }).optional().meta({
      description: 'Rows up to this one are older than signatures: they were signed as they were found, then',
    }),
    anchored: z.boolean().optional().meta({
      description:
        'Of an anchor: whether its row was found. It is not where its day was dropped as old, or lies before `from`',
    }),
  })
  .meta({ id: 'AuditVerification' })
export type AuditVerification = z.infer<typeof auditVerificationSchema>

export interface VerifyOptions {
  signer: Pick<Signer, 'verify'>
  anchor?: Anchor | undefined
  /** The first day to look at, taken for where the log begins: for a log that is known to be broken before it. */
  from?: string | undefined
}

/** Days that are read in one transaction: each takes locks that Postgres has room for only so many of. */
const daysAtOnce = 100

/**
 * Checks the whole audit log: each day's rows by their chain of hashes, and each day's end by its signed head. It finds
 * rows that were changed, removed, put in between, reordered or cut off at the end. That the log was set back as a whole
 * to what it once was only an anchor can tell. Memory does not grow with the log.
 *
 * A log without a row is one that was emptied: the first key of an installation leaves one.
 */
export async function verifyAudit(db: Queryable, { signer, anchor, from }: VerifyOptions): Promise<AuditVerification> {
  const walk = createWalk({
    verify: (text, signature) => signer.verify(text, signature),
    start: from === undefined ? emptyChain : undefined,
    anchor,
  })
  let day = from ?? '0001-01-01'
  for (;;) {
    const { broken, nextDay } = await inSnapshot(db, (tx) => followDays(tx, walk, day))
    if (broken) return tell(walk.walked(), broken, anchor)
    if (nextDay === undefined) break
    day = nextDay
  }
  return tell(walk.walked(), walk.end() ?? (await inSnapshot(db, findStray)), anchor)
}

/**
 * Follows some days as they are at one moment.
 * @returns the first day that is left. All before it are over, so nothing is missed until the next moment.
 */
async function followDays(tx: Queryable, walk: Walk, day: string): Promise<{ broken?: BrokenRow; nextDay?: string }> {
  const heads = await tx
    .select()
    .from(apiKeyAuditHeads)
    .where(gte(apiKeyAuditHeads.day, day))
    .orderBy(asc(apiKeyAuditHeads.day))
    .limit(daysAtOnce + 1)
  for (const head of heads.slice(0, daysAtOnce)) {
    const broken = await walk.follow({ head, rows: () => readDay(tx, head.day) })
    if (broken) return { broken }
  }
  const next = heads[daysAtOnce]
  return next ? { nextDay: next.day } : {}
}

/** Reads as of one moment. The lock keeps days from being dropped in between; it does not lock what lies in them. */
function inSnapshot<T>(db: Queryable, read: (tx: Queryable) => Promise<T>): Promise<T> {
  return db.transaction(
    async (tx) => {
      await tx.execute(sql`lock table only api_key_audit_log in access share mode`)
      return read(tx)
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

function tell(walked: Readonly<Walked>, found: BrokenRow | undefined, anchor: Anchor | undefined): AuditVerification {
  const { rows, head, adopted, isAnchored } = walked
  const broken =
    found ?? (rows === 0 && !head ? { seq: 1, reason: 'this row is missing: the log is empty' } : undefined)
  return {
    valid: broken === undefined,
    rows,
    ...(broken && { firstBroken: broken.seq, reason: broken.reason }),
    head: head
      ? {
          day: head.day,
          seq: head.lastSeq,
          hash: head.hash.toString('hex'),
          keyId: head.signatureKeyId ?? '',
          signature: head.signature?.toString('hex') ?? '',
        }
      : null,
    ...(adopted?.adoptedAt && { adopted: { lastSeq: adopted.lastSeq, at: adopted.adoptedAt.toISOString() } }),
    ...(anchor && { anchored: isAnchored }),
  }
}
