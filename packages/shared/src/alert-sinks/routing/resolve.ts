import { lockAlertLog } from '../../alerts/record.ts'
import { alertLog } from '../../alerts/table.ts'
import { createId } from '../../platform/id.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, arrayOverlaps, eq, gte, inArray, isNull, ne } from '../../platform/postgres/query.ts'
import { alertDeliveries, alertSinks } from '../table.ts'

/**
 * Tells that an anomaly is over to each PagerDuty service that was told of it, or is about to be. Once or more, and at the
 * beginning of a transaction: alerts are logged before or after it, so that none is in between.
 * @returns how many services
 */
export async function resolveOnSinks(tx: Queryable, anomalyId: string, now: Date): Promise<number> {
  const services = await tx
    .select({ id: alertSinks.id })
    .from(alertSinks)
    .where(eq(alertSinks.kind, 'pagerduty'))
    .limit(1)
  if (services.length === 0) return 0
  await lockAlertLog(tx)
  return addResolves(tx, anomalyId, now)
}

/** The same where the lock of the log is held already. */
export async function addResolves(tx: Queryable, anomalyId: string, now: Date): Promise<number> {
  const told = await tx
    .select({ seq: alertLog.seq, toldAt: alertLog.toldAt })
    .from(alertLog)
    .where(eq(alertLog.alertId, anomalyId))
  if (told.length === 0) return 0
  const sinkIds = await sinksToldOf(tx, anomalyId, told)
  if (sinkIds.length === 0) return 0
  await tx
    .insert(alertDeliveries)
    .values(
      sinkIds.map((sinkId) => ({
        id: createId(),
        sinkId,
        groupKey: `over ${anomalyId}`,
        resolves: anomalyId,
        alertSeqs: [],
        nextAttemptAt: now,
        createdAt: now,
      })),
    )
    .onConflictDoNothing()
  return sinkIds.length
}

/** Those that have not been told of its end since. */
async function sinksToldOf(
  tx: Queryable,
  anomalyId: string,
  told: readonly { seq: number; toldAt: Date }[],
): Promise<string[]> {
  const { sinkId, alertSeqs, resolves, state, createdAt } = alertDeliveries
  const seqs = told.map(({ seq }) => seq)
  const triggers = await tx
    .selectDistinct({ sinkId })
    .from(alertDeliveries)
    .innerJoin(alertSinks, eq(alertSinks.id, sinkId))
    .where(
      and(
        arrayOverlaps(alertSeqs, seqs),
        isNull(resolves),
        ne(state, 'failed'),
        eq(alertSinks.kind, 'pagerduty'),
        ne(alertSinks.state, 'disabled'),
      ),
    )
  const ids = triggers.map((row) => row.sinkId)
  if (ids.length === 0) return []
  const lastToldAt = new Date(Math.max(...told.map(({ toldAt }) => toldAt.getTime())))
  const over = await tx
    .select({ sinkId })
    .from(alertDeliveries)
    .where(and(inArray(sinkId, ids), eq(resolves, anomalyId), ne(state, 'failed'), gte(createdAt, lastToldAt)))
  const done = new Set(over.map((row) => row.sinkId))
  return ids.filter((id) => !done.has(id))
}
