import type { SettleAnomalyInput } from '../anomalies/schemas.ts'
import { resolveAnomaly } from '../anomalies/settle.ts'
import type { AnomalyView } from '../anomalies/view.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { resolveOnSinks } from './routing/resolve.ts'

/**
 * Notes that an anomaly is dealt with, and has the services told that were told of it.
 * @throws MomentryError `ANOMALY_NOT_FOUND`
 */
export function resolveAnomalyEverywhere(
  context: Context,
  id: string,
  input: SettleAnomalyInput,
): Promise<AnomalyView> {
  return withTransaction(context, async (tx) => {
    await resolveOnSinks(tx.db, id, new Date(tx.now()))
    return resolveAnomaly(tx, id, input)
  })
}
