import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { and, asc, eq, isNull, lt, sql } from '../../platform/postgres/query.ts'
import { appendAudit, auditLockId } from '../append.ts'
import { dayOf } from '../day.ts'
import { isSigned, type StoredHead, signHead } from '../head.ts'
import { apiKeyAuditHeads } from '../table.ts'

const dayMs = 86_400_000

/** Days that one turn drops: each takes some of the locks that Postgres has room for (`max_locks_per_transaction`). */
const daysAtOnce = 50

/** SQLSTATE `lock_not_available`. */
const lockTimedOut = '55P03'

/**
 * Drops the rows of days that ended more than `keptDays` ago, some days a turn, and keeps their heads, so that the chain of
 * what is left still begins where it should. A day whose head no key of ours signed is left for people to look at, and
 * all after it.
 *
 * Dropping waits for whoever reads the log, and everybody else would wait behind it: it gives up after a second.
 * @returns how many days; none where the log is being read, and the next turn tries again
 */
export async function pruneAudit(context: Context, keptDays: number): Promise<number> {
  const before = dayOf(new Date(context.now() - keptDays * dayMs))
  try {
    return await withTransaction(context, (tx) => pruneBefore(tx, before, keptDays))
  } catch (error) {
    if (codeOf(error) === lockTimedOut) return 0
    throw error
  }
}

async function pruneBefore(tx: TransactionContext, before: string, keptDays: number): Promise<number> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(${auditLockId})`)
  const old = await tx.db
    .select()
    .from(apiKeyAuditHeads)
    .where(and(lt(apiKeyAuditHeads.day, before), isNull(apiKeyAuditHeads.prunedAt)))
    .orderBy(asc(apiKeyAuditHeads.day))
    .limit(daysAtOnce)
  const foreign = old.findIndex((head) => !isSigned(head, tx.signer.verify))
  const provable = foreign < 0 ? old : old.slice(0, foreign)
  const [first, last] = [provable[0], provable.at(-1)]
  if (!first || !last) return 0
  await tx.db.execute(sql`set local lock_timeout = '1s'`)
  for (const head of provable) await pruneDay(tx, head)
  const rows = last.lastSeq - first.firstSeq + 1
  await appendAudit(tx, { action: 'audit.pruned', after: { from: first.day, to: last.day, rows, keptDays } })
  return provable.length
}

async function pruneDay({ db, signer, now }: TransactionContext, head: StoredHead): Promise<void> {
  await db.execute(sql.raw(`drop table if exists api_key_audit_log_${head.day.replaceAll('-', '')}`))
  const pruned = { ...head, prunedAt: new Date(now()) }
  await db
    .update(apiKeyAuditHeads)
    .set({ prunedAt: pruned.prunedAt, ...signHead(signer, pruned) })
    .where(eq(apiKeyAuditHeads.day, head.day))
}

function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined
  return 'code' in error ? error.code : codeOf(error.cause)
}
