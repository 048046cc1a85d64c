import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import { findSink } from '../find.ts'
import { alertDeliveries } from '../table.ts'
import { viewDeliveries } from './list.ts'
import type { DeliveryView } from './view.ts'

/**
 * Lets a message be sent anew, at once and with all of its attempts, by the same id: a receiver that had it can tell.
 * @throws MomentryError `DELIVERY_NOT_FOUND`; `CONFLICT` for a test, for one that is being sent just now, and where the
 *   sink is not active
 */
export function redeliver(context: Context, id: string): Promise<DeliveryView> {
  return withTransaction(context, async (tx) => {
    const [row] = await tx.db.select().from(alertDeliveries).where(eq(alertDeliveries.id, id)).for('update')
    if (!row) throw new MomentryError('DELIVERY_NOT_FOUND', 'there is no delivery with this id')
    const at = new Date(tx.now())
    const sink = await findSink(tx.db, row.sinkId)
    if (row.test) throw new MomentryError('CONFLICT', 'this was a test: send another one')
    if (sink.state !== 'active') throw new MomentryError('CONFLICT', `the sink is ${sink.state}`)
    if (row.leasedUntil && row.leasedUntil > at) throw new MomentryError('CONFLICT', 'it is being sent just now')
    const change = {
      state: 'waiting' as const,
      // A key of its own, so that no later alert joins it.
      groupKey: `again ${id}`,
      attempts: 0,
      nextAttemptAt: at,
      leasedUntil: null,
      finishedAt: null,
    }
    await tx.db.update(alertDeliveries).set(change).where(eq(alertDeliveries.id, id))
    await appendAudit(tx, {
      action: 'delivery.queued-again',
      before: { id, sinkId: sink.id, state: row.state, attempts: row.attempts },
      after: { id, sinkId: sink.id, state: 'waiting' },
    })
    const [view] = await viewDeliveries(tx.db, [{ ...row, ...change }])
    if (!view) throw new Error('a delivery has no view')
    return view
  })
}
