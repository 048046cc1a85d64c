import type { LoggedAlert } from '../../alerts/logged.ts'
import { apiKeyAnomalies } from '../../anomalies/table.ts'
import { createId } from '../../platform/id.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, eq, isNotNull } from '../../platform/postgres/query.ts'
import { alertSinks } from '../table.ts'
import { groupKeyOf, planMessage } from './group.ts'
import { matches } from './match.ts'
import { type NewMessage, putMessages } from './put.ts'
import { addResolves } from './resolve.ts'
import { readTimes } from './times.ts'

/**
 * Puts an alert into the messages of the sinks that it is for, in the transaction that logs it. What it joins has not been
 * tried yet.
 */
export async function routeAlert(tx: Queryable, logged: LoggedAlert): Promise<void> {
  const { seq, alert, severity, rule, owner } = logged
  const sinks = await activeSinks(tx)
  const wanting = sinks.filter(({ routing }) => matches(routing, { type: alert.type, severity, rule, owner }))
  if (wanting.length === 0) return
  const now = logged.toldAt
  const groupKeys = [groupKeyOf(alert)]
  const times = await readTimes(tx, wanting, { groupKeys, isCritical: severity === 'critical' }, now.getTime())
  const messages = wanting.map((sink): NewMessage => {
    const { groupKey, at } = planMessage({ seq, alert }, { ...sink, ...times.of(sink.id) }, now.getTime())
    return { id: createId(), sinkId: sink.id, groupKey, seq, severity, at: new Date(at), createdAt: now }
  })
  await putMessages(tx, messages)
  // The news that an anomaly is over may have come before the news of it.
  const isTrigger = alert.type === 'anomaly.detected' || alert.type === 'anomaly.escalated'
  if (isTrigger && wanting.some(({ kind }) => kind === 'pagerduty') && (await isOver(tx, alert.data.id)))
    await addResolves(tx, alert.data.id, now)
}

/** Locked, so that none goes before its messages are there. */
function activeSinks(tx: Queryable) {
  const { id, kind, routing, groupSeconds, quietHours } = alertSinks
  return tx
    .select({ id, kind, routing, groupSeconds, quietHours })
    .from(alertSinks)
    .where(eq(alertSinks.state, 'active'))
    .orderBy(id)
    .for('key share')
}

async function isOver(tx: Queryable, anomalyId: string): Promise<boolean> {
  const { id, endedAt } = apiKeyAnomalies
  const rows = await tx
    .select({ id })
    .from(apiKeyAnomalies)
    .where(and(eq(id, anomalyId), isNotNull(endedAt)))
  return rows.length > 0
}
