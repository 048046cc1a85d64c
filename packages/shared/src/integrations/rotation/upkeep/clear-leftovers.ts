import { MomentryError } from '../../../errors.ts'
import { and, asc, eq, isNotNull, isNull, lte, or } from '../../../platform/postgres/query.ts'
import { integrationRotations } from '../../table.ts'
import { type WorkDeps, withRotationAccount } from '../work/place.ts'

/** A request that was under way when its rotation was cancelled may make something until then, ms. */
const lateMs = 60_000
/** What could not be looked for is looked for again after this long, ms. */
const againMs = 30_000
const perSweep = 50

/**
 * Deletes there what cancelled rotations have made, by the name that nobody else would choose.
 * @returns how many were deleted
 * @throws the first failure, once all others had their turn
 */
export async function clearLeftovers(deps: WorkDeps): Promise<number> {
  const { db, now } = deps.context
  const { state, createSentAt, newRemovedAt, switchedAt, enqueuedAt, finishedAt } = integrationRotations
  const before = new Date(now() - againMs)
  const rows = await db
    .select()
    .from(integrationRotations)
    .where(
      and(
        eq(state, 'cancelled'),
        isNotNull(createSentAt),
        // One that has taken over is no leftover.
        isNull(switchedAt),
        isNull(newRemovedAt),
        // Looked for just now.
        or(isNull(enqueuedAt), lte(enqueuedAt, before)),
      ),
    )
    .orderBy(asc(finishedAt))
    .limit(perSweep)
  let deleted = 0
  const failures: unknown[] = []
  for (const rotation of rows) {
    const isIt = eq(integrationRotations.id, rotation.id)
    try {
      const found = await withRotationAccount(deps, rotation, async (account) => {
        const left = (await account.list()).find(({ name }) => name === rotation.newRemoteName)
        if (left) await account.delete(left.remoteId)
        return left !== undefined
      })
      if (found) deleted += 1
      const isOver = now() - (rotation.finishedAt?.getTime() ?? 0) > lateMs
      await db
        .update(integrationRotations)
        .set(found || isOver ? { newRemovedAt: new Date(now()) } : { enqueuedAt: new Date(now()) })
        .where(isIt)
    } catch (error) {
      // Without a connection nobody can look; whoever compares the system with what is tracked will see it.
      if (!(error instanceof MomentryError && error.code === 'CONNECTION_NEEDED')) failures.push(error)
      await db
        .update(integrationRotations)
        .set({ enqueuedAt: new Date(now()) })
        .where(isIt)
    }
  }
  if (failures.length > 0) throw failures[0]
  return deleted
}
