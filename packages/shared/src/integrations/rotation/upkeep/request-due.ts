import { MomentryError } from '../../../errors.ts'
import { type Context, withTransaction } from '../../../platform/context.ts'
import { isPostgresUnavailable } from '../../../platform/postgres/client.ts'
import { and, asc, eq, isNotNull, lte } from '../../../platform/postgres/query.ts'
import type { Announce } from '../../../rotation/queue.ts'
import type { Integration } from '../../integration.ts'
import type { Integrations } from '../../systems.ts'
import { requestRotation } from '../request.ts'

/** Credentials of one sweep at the most; the next one takes the rest. */
const perSweep = 200
/** A credential whose turn came while it could not be rotated is looked at again after this long. */
const postponeMs = 300_000

/**
 * Queues a rotation for each credential elsewhere whose date has come, as `rotation/upkeep/request-due.ts` does for keys.
 * @returns how many were queued
 * @throws where Postgres is away, at once; else the first failure, once all others had their turn
 */
export async function requestDueRotations(
  context: Context,
  { integrations, announce }: { integrations: Integrations; announce: Announce },
): Promise<number> {
  let queued = 0
  const failures: unknown[] = []
  for (const integration of integrations.all) {
    for (const id of await findDue(context, integration)) {
      try {
        if (await requestDue(context, { integration, announce }, id)) queued += 1
      } catch (error) {
        if (isPostgresUnavailable(error)) throw error
        failures.push(error)
      }
    }
  }
  if (failures.length > 0) throw failures[0]
  return queued
}

const isDue = ({ table, server }: Integration, now: number) =>
  and(
    lte(table.nextRotationAt, new Date(now)),
    eq(table.state, 'active'),
    eq(table.server, server),
    isNotNull(table.connectionId),
  )

async function findDue({ db, now }: Context, integration: Integration): Promise<string[]> {
  const { table } = integration
  const due = await db
    .select({ id: table.id })
    .from(table)
    .where(isDue(integration, now()))
    .orderBy(asc(table.nextRotationAt))
    .limit(perSweep)
  return due.map(({ id }) => id)
}

function requestDue(
  context: Context,
  deps: { integration: Integration; announce: Announce },
  id: string,
): Promise<boolean> {
  const { table } = deps.integration
  return withTransaction(context, async (tx) => {
    const now = tx.now()
    const stillDue = and(eq(table.id, id), isDue(deps.integration, now))
    const [credential] = await tx.db.select().from(table).where(stillDue).for('update', { skipLocked: true })
    if (!credential) return false
    const setNext = (at: number | undefined) =>
      tx.db
        .update(table)
        .set({ nextRotationAt: at === undefined ? null : new Date(at) })
        .where(eq(table.id, id))
    const { intervalSeconds } = credential.policy
    if (!intervalSeconds) {
      await setNext(undefined)
      return false
    }
    try {
      await requestRotation(tx, deps, id, { kind: 'scheduled' })
      // The switch itself sets the true date; this one holds where the rotation fails or is cancelled.
      await setNext(now + intervalSeconds * 1000)
      return true
    } catch (error) {
      if (!(error instanceof MomentryError)) throw error
      await setNext(now + postponeMs)
      return false
    }
  })
}
