import { MomentryError } from '../../errors.ts'
import { type RotationIntervals, rotationInterval } from '../../keys/schedule/due-date.ts'
import { apiKeys } from '../../keys/table.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { isPostgresUnavailable } from '../../platform/postgres/client.ts'
import { and, asc, eq, lte } from '../../platform/postgres/query.ts'
import type { Announce } from '../queue.ts'
import { requestRotation } from '../request.ts'

/** Keys of one sweep at the most; the next one takes the rest. */
const perSweep = 200
/** A key whose turn came while it could not be rotated is looked at again after this long. */
const postponeSeconds = 300

/**
 * Queues a rotation for each key whose date has come. The date moves on with it in one transaction, so a worker that was
 * away for a day catches up once, and two sweeps at once queue nothing twice.
 * @returns how many were queued
 * @throws where a store is away, at once; else the first failure, once all other keys had their turn
 */
export async function requestDueRotations(
  context: Context,
  deps: { announce: Announce; intervals: RotationIntervals },
): Promise<number> {
  const due = await context.db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(lte(apiKeys.nextRotationAt, new Date(context.now())), eq(apiKeys.enabled, true)))
    .orderBy(asc(apiKeys.nextRotationAt))
    .limit(perSweep)
  let queued = 0
  const failures: unknown[] = []
  for (const { id } of due) {
    try {
      if (await requestDue(context, deps, id)) queued += 1
    } catch (error) {
      if (isPostgresUnavailable(error)) throw error
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return queued
}

function requestDue(
  context: Context,
  { announce, intervals }: { announce: Announce; intervals: RotationIntervals },
  keyId: string,
): Promise<boolean> {
  return withTransaction(context, async (tx) => {
    const now = tx.now()
    const stillDue = and(eq(apiKeys.id, keyId), lte(apiKeys.nextRotationAt, new Date(now)))
    const [key] = await tx.db.select().from(apiKeys).where(stillDue).for('update', { skipLocked: true })
    if (!key) return false
    const setNext = (at: number | undefined) =>
      tx.db
        .update(apiKeys)
        .set({ nextRotationAt: at === undefined ? null : new Date(at) })
        .where(eq(apiKeys.id, keyId))
    const interval = rotationInterval(key, intervals)
    if (interval === undefined) {
      await setNext(undefined)
      return false
    }
    try {
      await requestRotation(tx, { announce }, keyId, { kind: 'scheduled' })
      // The rotation itself sets the true date; this one holds where it fails or is cancelled.
      await setNext(now + interval * 1000)
      return true
    } catch (error) {
      if (!(error instanceof MomentryError)) throw error
      const isDead = error.code === 'KEY_REVOKED' || error.code === 'KEY_EXPIRED'
      await setNext(isDead ? undefined : now + postponeSeconds * 1000)
      return false
    }
  })
}
