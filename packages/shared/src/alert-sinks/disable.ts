import { appendAudit } from '../audit/append.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { and, eq } from '../platform/postgres/query.ts'
import { alertDeliveries, alertSinks } from './table.ts'
import type { SinkRow } from './view.ts'

/**
 * Disables a sink whose receiver is gone, and gives up all that waits for it. An operator who changed it meanwhile knows
 * better.
 * @returns whether it did
 */
export function disableSink(context: Context, sink: SinkRow, reason: string): Promise<boolean> {
  return withTransaction(context, async (tx) => {
    const at = new Date(tx.now())
    const { id, state, updatedAt } = alertSinks
    const disabled = await tx.db
      .update(alertSinks)
      .set({ state: 'disabled', stateReason: reason, updatedAt: at })
      .where(and(eq(id, sink.id), eq(state, 'active'), eq(updatedAt, sink.updatedAt)))
      .returning({ id })
    if (disabled.length === 0) return false
    await tx.db
      .update(alertDeliveries)
      .set({ state: 'failed', lastError: 'the sink was disabled', leasedUntil: null, finishedAt: at })
      .where(and(eq(alertDeliveries.sinkId, sink.id), eq(alertDeliveries.state, 'waiting')))
    await appendAudit(tx, {
      action: 'sink.disabled',
      reason,
      before: { id: sink.id, name: sink.name, state: sink.state },
      after: { id: sink.id, name: sink.name, state: 'disabled' },
    })
    return true
  })
}
