import { desc, sql } from 'drizzle-orm'
import type { TransactionContext } from '../platform/context.ts'
import { type AuditContent, canonicalJson, chainHash, emptyChain } from './chain.ts'
import { apiKeyAuditLog } from './table.ts'

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
const lockId = 7_160_392

/**
 * Writes an audit row in the transaction of the change that it tells of. Appending waits for whoever appends at the same
 * time until that transaction ends, so it comes last in a transaction: after the locks on keys, never before them.
 */
export async function appendAudit(context: TransactionContext, entry: AuditEntry): Promise<void> {
  const { db, actor } = context
  await db.execute(sql`select pg_advisory_xact_lock(${lockId})`)
  const heads = await db
    .select({ seq: apiKeyAuditLog.seq, hash: apiKeyAuditLog.hash })
    .from(apiKeyAuditLog)
    .orderBy(desc(apiKeyAuditLog.seq))
    .limit(1)
  const head = heads[0] ?? emptyChain
  const at = new Date(context.now())
  const content: AuditContent = {
    seq: head.seq + 1,
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
  await db.insert(apiKeyAuditLog).values({
    ...content,
    at,
    before: asStored(entry.before),
    after: asStored(entry.after),
    previousHash: head.hash,
    hash: chainHash(head.hash, content),
  })
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
