import type { Queryable } from '../../platform/postgres/client.ts'
import { and, eq, sql } from '../../platform/postgres/query.ts'
import { alertDeliveries } from '../table.ts'
import type { DeliveryRow } from './view.ts'

/** What is known of an attempt. */
export interface Attempt {
  status: number | undefined
  error: string | undefined
}

/** A message as whoever claimed it knows it. */
export type Claimed = Pick<DeliveryRow, 'id' | 'attempts'>

const texts = ({ status, error }: Attempt) => ({ lastStatus: status ?? null, lastError: error ?? null })

/** Notes that a message is over. Nothing changes where the lease ended and another alerter took it. */
export async function finishDelivery(
  db: Queryable,
  claimed: Claimed,
  state: 'delivered' | 'failed',
  attempt: Attempt,
  now: Date,
): Promise<void> {
  await db
    .update(alertDeliveries)
    .set({ state, ...texts(attempt), leasedUntil: null, finishedAt: now })
    .where(isStillMine(claimed))
}

/** Notes that a message failed and is tried again at a time. */
export async function retryDelivery(db: Queryable, claimed: Claimed, attempt: Attempt, at: Date): Promise<void> {
  await db
    .update(alertDeliveries)
    .set({ ...texts(attempt), leasedUntil: null, nextAttemptAt: at })
    .where(isStillMine(claimed))
}

/** Gives a message back that was not tried, or whose attempt was cut: it goes at a time, and the attempt is not counted. */
export async function giveBackDelivery(db: Queryable, claimed: Claimed, at: Date): Promise<void> {
  await db
    .update(alertDeliveries)
    .set({
      attempts: sql`${alertDeliveries.attempts} - 1`,
      // Another one of its key may wait by now; and whoever may have got it is not to find more alerts in it later.
      groupKey: `again ${claimed.id}`,
      leasedUntil: null,
      nextAttemptAt: at,
    })
    .where(isStillMine(claimed))
}

/** Each claim counts an attempt, so that the number tells whose lease it is. */
function isStillMine({ id, attempts }: Claimed) {
  return and(eq(alertDeliveries.id, id), eq(alertDeliveries.state, 'waiting'), eq(alertDeliveries.attempts, attempts))
}
