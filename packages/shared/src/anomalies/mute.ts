import { insertSilence } from '../alerts/silences/create.ts'
import type { MuteAnomalyInput } from '../alerts/silences/schemas.ts'
import { alertSilences } from '../alerts/table.ts'
import { appendAudit } from '../audit/append.ts'
import { type Context, type TransactionContext, withTransaction } from '../platform/context.ts'
import { and, eq, gt, isNotNull } from '../platform/postgres/query.ts'
import { lockAnomaly } from './rows.ts'
import type { apiKeyAnomalies } from './table.ts'
import { type AnomalyView, viewAnomaly } from './view.ts'

/**
 * Mutes an anomaly: what its rule finds about its key from now on is logged and reaches the channel, but no sink. An
 * earlier mute of the same key and rule ends with it.
 * @throws MomentryError `ANOMALY_NOT_FOUND`; `CONFLICT` where there are as many silences already as may be
 */
export function muteAnomaly(context: Context, id: string, input: MuteAnomalyInput): Promise<AnomalyView> {
  return withTransaction(context, async (tx) => {
    const { anomaly } = await lockAnomaly(tx, id)
    const startsAt = new Date(tx.now())
    const endsAt = new Date(tx.now() + input.forSeconds * 1000)
    await endMutes(tx, anomaly, startsAt)
    const silence = await insertSilence(tx, {
      ...{ keyId: anomaly.keyId, rule: anomaly.rule, owner: null, type: null, anomalyId: anomaly.id },
      ...{ reason: input.reason ?? null, startsAt, endsAt },
    })
    // Read again: another silence may hold for longer.
    const muted = await lockAnomaly(tx, id)
    await appendAudit(tx, {
      action: 'anomaly.muted',
      keyId: anomaly.keyId,
      ...(input.reason !== undefined && { reason: input.reason }),
      after: { anomalyId: anomaly.id, rule: anomaly.rule, silenceId: silence.id, mutedUntil: endsAt.toISOString() },
    })
    return viewAnomaly(muted)
  })
}

async function endMutes(
  tx: TransactionContext,
  { keyId, rule }: typeof apiKeyAnomalies.$inferSelect,
  at: Date,
): Promise<void> {
  await tx.db
    .update(alertSilences)
    .set({ endsAt: at })
    .where(
      and(
        eq(alertSilences.keyId, keyId),
        eq(alertSilences.rule, rule),
        isNotNull(alertSilences.anomalyId),
        gt(alertSilences.endsAt, at),
      ),
    )
}
