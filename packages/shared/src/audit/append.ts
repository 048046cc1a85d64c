import type { TransactionContext } from '../platform/context.ts'
import { desc, eq, sql } from '../platform/postgres/query.ts'
import { type AuditContent, canonicalJson, chainHash, emptyChain } from './chain.ts'
import { dayAfter, dayOf, startOf } from './day.ts'
import { type HeadContent, isSigned, type StoredHead, signHead } from './head.ts'
import { apiKeyAuditHeads, apiKeyAuditLog } from './table.ts'
import { adoptOldHeads } from './upkeep/adopt.ts'

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
 * Where the head that is there was not signed by a key of ours, somebody else wrote it; where it says that another one
 * follows, somebody took that away. The row is written all the same, since a revoke must not wait for an inquiry; the new
 * head says from which row on nothing is proved, for ever.
 */
export async function appendAudit(context: TransactionContext, entry: AuditEntry): Promise<void> {
  const { db, actor, signer } = context
  const [address, newest] = await Promise.all([lockLog(context, actor.address), readNewestHead(context)])
  const { seq: last, hash: previousHash } = newest ? { seq: newest.lastSeq, hash: newest.hash } : emptyChain
  const isOurs = newest === undefined || isSigned(newest, signer.verify)
  // Clocks of processes differ: a row never goes into a day that is over.
  const at = new Date(Math.max(context.now(), newest ? startOf(openDay(newest, isOurs)) : 0))
  const content: AuditContent = {
    seq: last + 1,
    at: at.toISOString().replace('Z', '000Z'),
    action: entry.action,
    keyId: entry.keyId ?? null,
    actorKeyId: actor.keyId ?? null,
    address,
    requestId: context.requestId,
    reason: entry.reason ?? null,
    before: asStored(entry.before),
    after: asStored(entry.after),
  }
  const hash = chainHash(previousHash, content)
  const isProved = isOurs && (newest?.followedBy ?? null) === null
  const brokenSeq = isProved ? null : content.seq
  const day = dayOf(at)
  if (newest?.day !== day) await beginDay(context, day, isProved ? newest : undefined)
  const row = { ...content, at, before: asStored(entry.before), after: asStored(entry.after), previousHash, hash }
  const head: HeadContent =
    newest?.day === day
      ? { ...newest, lastSeq: content.seq, hash, brokenSeq: newest.brokenSeq ?? brokenSeq }
      : { ...newDay, day, firstSeq: content.seq, lastSeq: content.seq, previousHash, hash, brokenSeq }
  const signed = { ...head, ...signHead(signer, head) }
  await Promise.all([
    db.insert(apiKeyAuditLog).values(row),
    db.insert(apiKeyAuditHeads).values(signed).onConflictDoUpdate({ target: apiKeyAuditHeads.day, set: signed }),
  ])
}

/** The first day that can still take rows. The head of one that was followed by another does not move any more. */
function openDay({ day, followedBy }: StoredHead, isOurs: boolean): string {
  if (followedBy === null) return day
  return isOurs ? followedBy : dayAfter(day)
}

const newDay = { followedBy: null, adoptedAt: null, prunedAt: null }

/**
 * Waits until nobody else appends. What is read must be read by a later statement, which sees what they committed; it may be
 * sent before this one is answered, as PostgreSQL takes one after the other.
 * @returns the address as it will be read back: the hash must cover that, and Postgres has its own way to write one
 */
async function lockLog({ db }: TransactionContext, address: string | undefined): Promise<string | null> {
  const { rows } = await db.execute<{ address: string | null }>(
    sql`select pg_advisory_xact_lock(${auditLockId}), ${address ?? null}::inet::text as address`,
  )
  return rows[0]?.address ?? null
}

async function readNewestHead(context: TransactionContext): Promise<StoredHead | undefined> {
  const [newest] = await context.db.select().from(apiKeyAuditHeads).orderBy(desc(apiKeyAuditHeads.day)).limit(1)
  if (newest?.signature !== null) return newest
  return (await adoptOldHeads(context)) ? readNewestHead(context) : newest
}

/**
 * Makes the partition of a new day, and notes in the head of the day before that this one follows it.
 * @param before not given where it proves nothing: signing it now would make it ours
 */
async function beginDay(
  { db, signer }: TransactionContext,
  day: string,
  before: StoredHead | undefined,
): Promise<void> {
  await db.execute(sql`select momentry_audit_day(${day}::date)`)
  if (!before) return
  const followed = { ...before, followedBy: day }
  await db
    .update(apiKeyAuditHeads)
    .set({ followedBy: day, ...signHead(signer, followed) })
    .where(eq(apiKeyAuditHeads.day, before.day))
}

/** The value as JSON carries it: dates as text, nothing undefined. */
function asStored(value: object | undefined): Record<string, unknown> | null {
  return value === undefined ? null : JSON.parse(canonicalJson(value))
}
