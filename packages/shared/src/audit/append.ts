import { desc, isNull, sql } from 'drizzle-orm'
import type { TransactionContext } from '../platform/context.ts'
import { type AuditContent, canonicalJson, chainHash, emptyChain } from './chain.ts'
import { dayOf, startOf } from './day.ts'
import { isSigned, type StoredHead, signHead } from './head.ts'
import { apiKeyAuditHeads, apiKeyAuditLog } from './table.ts'

export interface AuditEntry {
  /** `noun.verb`, in the past: `key.created`. */
  action: string
  keyId?: string | undefined
  reason?: string | undefined
  /** Of what was changed, only that: the values before and after. Never a secret. */
  before?: object
  after?: object
}

/** Any number that no other lock of this database takes (platform/postgres/migrate.ts has the other). */
export const auditLockId = 7_160_392

/**
 * Writes an audit row in the transaction of the change that it tells of, and signs the new head of its day. Appending
 * waits for whoever appends at the same time until that transaction ends, so it comes last in a transaction: after the
 * locks on keys, never before them.
 *
 * Where the head that is there was not signed by a key of ours, somebody else wrote it. The row is written all the same,
 * since a revoke must not wait for an inquiry; the new head says from which row on nothing is proved, for ever.
 */
export async function appendAudit(context: TransactionContext, entry: AuditEntry): Promise<void> {
  const { db, actor, signer } = context
  await db.execute(sql`select pg_advisory_xact_lock(${auditLockId})`)
  const newest = await readNewestHead(context)
  const { seq, hash: previousHash } = newest ? { seq: newest.lastSeq, hash: newest.hash } : emptyChain
  // Clocks of processes differ: a row never goes into a day that is over.
  const at = new Date(Math.max(context.now(), newest ? startOf(newest.day) : 0))
  const day = dayOf(at)
  const content: AuditContent = {
    seq: seq + 1,
    at: at.toISOString().replace('Z', '000Z'),
    action: entry.action,
    keyId: entry.keyId ?? null,
    actorKeyId: actor.keyId ?? null,
    address: actor.address === undefined ? null : await asPostgresShows(context, actor.address),
    requestId: context.requestId,
    reason: entry.reason ?? null,
    before: asStored(entry.before),
    after: asStored(entry.after),
  }
  const hash = chainHash(previousHash, content)
  const isNewDay = newest?.day !== day
  if (isNewDay) await db.execute(sql`select momentry_audit_day(${day}::date)`)
  await db.insert(apiKeyAuditLog).values({
    ...content,
    at,
    before: asStored(entry.before),
    after: asStored(entry.after),
    previousHash,
    hash,
  })
  const brokenSeq = newest && !isSigned(newest, signer.verify) ? seq + 1 : null
  const head = {
    day,
    firstSeq: isNewDay ? seq + 1 : newest.firstSeq,
    lastSeq: seq + 1,
    previousHash: isNewDay ? previousHash : newest.previousHash,
    hash,
    brokenSeq: isNewDay ? brokenSeq : (newest.brokenSeq ?? brokenSeq),
    prunedAt: null,
  }
  const signed = { ...head, ...signHead(signer, head) }
  await db.insert(apiKeyAuditHeads).values(signed).onConflictDoUpdate({ target: apiKeyAuditHeads.day, set: signed })
}

async function readNewestHead(context: TransactionContext): Promise<StoredHead | undefined> {
  const [newest] = await context.db.select().from(apiKeyAuditHeads).orderBy(desc(apiKeyAuditHeads.day)).limit(1)
  if (newest?.signature !== null) return newest
  return (await signOldHeads(context)) ? readNewestHead(context) : newest
}

/**
 * Signs the heads that were made when the log was parted into days (migration 0004), which had no master key. Only where
 * none is signed yet: later, a head without a signature is somebody else's work.
 * @returns whether it did
 */
async function signOldHeads({ db, signer }: TransactionContext): Promise<boolean> {
  const heads = await db.select().from(apiKeyAuditHeads)
  if (heads.some(({ signature }) => signature !== null)) return false
  for (const head of heads)
    await db
      .update(apiKeyAuditHeads)
      .set(signHead(signer, head))
      .where(sql`${apiKeyAuditHeads.day} = ${head.day} and ${isNull(apiKeyAuditHeads.signature)}`)
  return true
}

/** The hash must cover what will be read back, and Postgres has its own way to write an address. */
async function asPostgresShows(context: TransactionContext, address: string): Promise<string> {
  const result = await context.db.execute<{ address: string }>(sql`select ${address}::inet::text as address`)
  return result.rows[0]?.address ?? address
}

/** The value as JSON carries it: dates as text, nothing undefined. */
function asStored(value: object | undefined): Record<string, unknown> | null {
  return value === undefined ? null : JSON.parse(canonicalJson(value))
}
