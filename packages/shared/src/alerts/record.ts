import { apiKeys } from '../keys/table.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { and, eq, sql } from '../platform/postgres/query.ts'
import type { Alert } from './alert.ts'
import { type LoggedAlert, loggedAlert } from './logged.ts'
import { activeSilences } from './silences/active.ts'
import { isSilenced } from './silences/match.ts'
import { alertLog } from './table.ts'

/** Any number that no other lock of this database uses. */
const logLockId = 7_160_396

/** Does what follows from an alert that is new and that no silence covers, in the transaction that logs it. */
export type RouteAlert = (tx: Queryable, logged: LoggedAlert) => Promise<void>

export interface RecordAlertDeps {
  db: Queryable
  now: Clock
  route: RouteAlert
}

/**
 * Writes an alert to the log, once by its id, type and severity, and with it what follows from it: either both are there
 * or neither. Writers take turns until they have committed, so that numbers become visible in their order.
 * @returns the alert as the log has it; one that comes again gives what was written the first time
 */
export function recordAlert({ db, now, route }: RecordAlertDeps, alert: Alert): Promise<LoggedAlert> {
  return db.transaction(async (tx) => {
    const owner = await ownerOf(tx, alert)
    await lockAlertLog(tx)
    const logged = await insert(tx, alert, owner, new Date(now()))
    if (!logged) return findLogged(tx, alert)
    if (!isSilenced(await activeSilences(tx, logged.toldAt), logged)) await route(tx, logged)
    return logged
  })
}

/**
 * Waits until nobody else writes to the log, and keeps everybody from it until the transaction ends. A statement of its own:
 * the next one sees all that was committed by the time the lock was had.
 */
export async function lockAlertLog(tx: Queryable): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${logLockId})`)
}

async function insert(tx: Queryable, alert: Alert, owner: string | null, toldAt: Date) {
  const { data, type } = alert
  const [row] = await tx
    .insert(alertLog)
    .values({
      seq: sql`(select coalesce(max(seq), 0) + 1 from alert_log)`,
      alertId: data.id,
      type,
      severity: data.severity,
      keyId: 'keyId' in data ? data.keyId : null,
      rule: 'rule' in data ? data.rule : null,
      owner,
      alert,
      toldAt,
    })
    .onConflictDoNothing({ target: [alertLog.alertId, alertLog.type, alertLog.severity] })
    .returning()
  return row && loggedAlert(row)
}

async function findLogged(tx: Queryable, { type, data }: Alert): Promise<LoggedAlert> {
  const [row] = await tx
    .select()
    .from(alertLog)
    .where(and(eq(alertLog.alertId, data.id), eq(alertLog.type, type), eq(alertLog.severity, data.severity)))
  // A row goes by pruning alone, months later; the alert is on its stream still, so it is tried again.
  if (!row) throw new Error('an alert left the log while it was told again')
  return loggedAlert(row)
}

async function ownerOf(tx: Queryable, { data }: Alert): Promise<string | null> {
  if ('owner' in data) return data.owner
  if (!('keyId' in data)) return null
  const [key] = await tx.select({ ownerId: apiKeys.ownerId }).from(apiKeys).where(eq(apiKeys.id, data.keyId))
  return key?.ownerId ?? null
}
