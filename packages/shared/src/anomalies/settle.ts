import { appendAudit } from '../audit/append.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { eq } from '../platform/postgres/query.ts'
import type { AnomalyState } from './finding.ts'
import { lockAnomaly } from './rows.ts'
import type { SettleAnomalyInput } from './schemas.ts'
import { apiKeyAnomalies } from './table.ts'
import { type AnomalyView, viewAnomaly } from './view.ts'

/** Notes that somebody looks after an anomaly. One that is acknowledged or resolved already stays as it is. */
export function acknowledgeAnomaly(context: Context, id: string, input: SettleAnomalyInput): Promise<AnomalyView> {
  return settle(context, id, input, 'acknowledged', ['open'])
}

/** Notes that an anomaly is dealt with. One that is resolved already stays as it is. */
export function resolveAnomaly(context: Context, id: string, input: SettleAnomalyInput): Promise<AnomalyView> {
  return settle(context, id, input, 'resolved', ['open', 'acknowledged'])
}

/** @throws MomentryError `ANOMALY_NOT_FOUND` */
function settle(
  context: Context,
  id: string,
  { note }: SettleAnomalyInput,
  state: Exclude<AnomalyState, 'open'>,
  from: readonly AnomalyState[],
): Promise<AnomalyView> {
  return withTransaction(context, async (tx) => {
    const row = await lockAnomaly(tx, id)
    if (!from.includes(row.anomaly.state)) return viewAnomaly(row)
    const at = new Date(tx.now())
    const by = tx.actor.keyId ?? null
    const change = {
      state,
      updatedAt: at,
      note: note ?? row.anomaly.note,
      ...(state === 'resolved' ? { resolvedAt: at, resolvedBy: by } : { acknowledgedAt: at, acknowledgedBy: by }),
    }
    await tx.db.update(apiKeyAnomalies).set(change).where(eq(apiKeyAnomalies.id, row.anomaly.id))
    await appendAudit(tx, {
      action: `anomaly.${state}`,
      keyId: row.anomaly.keyId,
      ...(note === undefined ? {} : { reason: note }),
      before: { anomalyId: row.anomaly.id, state: row.anomaly.state },
      after: { anomalyId: row.anomaly.id, state },
    })
    return viewAnomaly({ ...row, anomaly: { ...row.anomaly, ...change } })
  })
}
