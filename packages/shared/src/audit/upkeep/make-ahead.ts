import { type Context, withTransaction } from '../../platform/context.ts'
import { sql } from '../../platform/postgres/query.ts'
import { auditLockId } from '../append.ts'
import { dayAfter, dayOf } from '../day.ts'

/**
 * Makes the partition of tomorrow, so that its first append need not. That one makes it all the same where nobody did.
 * @returns how many were made
 */
export function makeAuditDays(context: Context): Promise<number> {
  const tomorrow = dayAfter(dayOf(new Date(context.now())))
  const table = `api_key_audit_log_${tomorrow.replaceAll('-', '')}`
  return withTransaction(context, async ({ db }) => {
    const { rows } = await db.execute<{ exists: boolean }>(sql`select to_regclass(${table}) is not null as exists`)
    if (rows[0]?.exists) return 0
    // Two that made it at once would both find it missing.
    await db.execute(sql`select pg_advisory_xact_lock(${auditLockId})`)
    await db.execute(sql`select momentry_audit_day(${tomorrow}::date)`)
    return 1
  })
}
