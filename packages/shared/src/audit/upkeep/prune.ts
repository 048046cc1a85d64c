import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm'
import { type Context, withTransaction } from '../platform/context.ts'
import { appendAudit, auditLockId } from './append.ts'
import { dayOf } from './day.ts'
import { isSigned, signHead } from './head.ts'
import { apiKeyAuditHeads } from './table.ts'

const dayMs = 86_400_000

/**
 * Drops the rows of days that ended more than `keptDays` ago, and keeps their heads, so that the chain of what is left
 * still begins where it should. A day whose head no key of ours signed is left for people to look at.
 * @returns how many days
 */
export function pruneAudit(context: Context, keptDays: number): Promise<number> {
  const before = dayOf(new Date(context.now() - keptDays * dayMs))
  return withTransaction(context, async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(${auditLockId})`)
    const old = await tx.db
      .select()
      .from(apiKeyAuditHeads)
      .where(and(lt(apiKeyAuditHeads.day, before), isNull(apiKeyAuditHeads.prunedAt)))
      .orderBy(asc(apiKeyAuditHeads.day))
    const provable = old.slice(
      0,
      firstIndex(old, (head) => !isSigned(head, tx.signer.verify)),
    )
    const [first, last] = [provable[0], provable.at(-1)]
    if (!first || !last) return 0
    for (const head of provable) {
      const pruned = { ...head, prunedAt: new Date(tx.now()) }
      await tx.db.execute(sql.raw(`drop table api_key_audit_log_${head.day.replaceAll('-', '')}`))
      await tx.db
        .update(apiKeyAuditHeads)
        .set({ prunedAt: pruned.prunedAt, ...signHead(tx.signer, pruned) })
        .where(eq(apiKeyAuditHeads.day, head.day))
    }
    const rows = last.lastSeq - first.firstSeq + 1
    await appendAudit(tx, { action: 'audit.pruned', after: { from: first.day, to: last.day, rows, keptDays } })
    return provable.length
  })
}

function firstIndex<T>(items: readonly T[], matches: (item: T) => boolean): number {
  const index = items.findIndex(matches)
  return index < 0 ? items.length : index
}
