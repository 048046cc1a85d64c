import { appendAudit } from '../../audit/append.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, eq, inArray, sql } from '../../platform/postgres/query.ts'
import { underWayStates } from '../states.ts'
import { apiKeyRotations } from '../table.ts'

// Each changes a rotation only while it is under way, so that none undoes what another worker has done.
const underWay = (id: string) => and(eq(apiKeyRotations.id, id), inArray(apiKeyRotations.state, underWayStates))

/** Notes that a worker begins. @param now ms */
export async function beginRotation(db: Queryable, id: string, now: number): Promise<void> {
  const at = new Date(now)
  await db
    .update(apiKeyRotations)
    .set({
      state: 'running',
      startedAt: sql`coalesce(${apiKeyRotations.startedAt}, ${sql.param(at, apiKeyRotations.startedAt)})`,
      updatedAt: at,
    })
    .where(underWay(id))
}

/** Notes that an attempt failed and that another will come. @param now ms */
export async function postponeRotation(db: Queryable, id: string, why: string, now: number): Promise<void> {
  await db
    .update(apiKeyRotations)
    .set({ state: 'queued', error: why, updatedAt: new Date(now) })
    .where(underWay(id))
}

/** Gives a rotation up: a person has to look, and can have it tried again. */
export async function failRotation(context: Context, id: string, why: string): Promise<void> {
  await withTransaction(context, async (tx) => {
    const at = new Date(tx.now())
    const [failed] = await tx.db
      .update(apiKeyRotations)
      .set({ state: 'failed', error: why, finishedAt: at, updatedAt: at })
      .where(underWay(id))
      .returning({ keyId: apiKeyRotations.keyId })
    if (!failed) return
    const after = { rotationId: id, state: 'failed' }
    await appendAudit(tx, { action: 'rotation.failed', keyId: failed.keyId, reason: why, after })
  })
}
