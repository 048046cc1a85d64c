import { appendAudit } from '../../../audit/append.ts'
import { completeJob } from '../../../jobs/progress.ts'
import { type Context, type TransactionContext, withTransaction } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/postgres/client.ts'
import { and, eq, inArray, sql } from '../../../platform/postgres/query.ts'
import { unfinishedStates } from '../../states.ts'
import { integrationEscrow, integrationRotations } from '../../table.ts'
import { queueDeletion } from '../queue-deletion.ts'
import type { RotationRow } from '../view.ts'
import { lockForWork, type Place } from './place.ts'

const unfinished = (id: string) =>
  and(eq(integrationRotations.id, id), inArray(integrationRotations.state, unfinishedStates))

/** Notes that a worker begins. One that drains goes on draining. @param now ms */
export async function beginRotation(db: Queryable, id: string, now: number): Promise<void> {
  const at = new Date(now)
  await db
    .update(integrationRotations)
    .set({
      state: sql`case when ${integrationRotations.state} = 'queued' then 'running' else ${integrationRotations.state} end`,
      startedAt: sql`coalesce(${integrationRotations.startedAt}, ${sql.param(at, integrationRotations.startedAt)})`,
      updatedAt: at,
    })
    .where(unfinished(id))
}

/** Says that a worker still works on it, so that no other begins. */
export async function holdRotation(db: Queryable, id: string): Promise<void> {
  await db.update(integrationRotations).set({ enqueuedAt: sql`now()` }).where(unfinished(id))
}

/** Notes that an attempt failed and that another will come. @param wakesAt ms */
export async function postponeRotation(
  db: Queryable,
  id: string,
  { why, wakesAt, now }: { why: string; wakesAt: number; now: number },
): Promise<void> {
  await db
    .update(integrationRotations)
    .set({ error: why, wakesAt: new Date(wakesAt), enqueuedAt: null, updatedAt: new Date(now) })
    .where(unfinished(id))
}

/** Gives a rotation up: a person has to look, and can have it tried again. */
export async function failRotation(context: Context, id: string, why: string): Promise<void> {
  await withTransaction(context, async (tx) => {
    const at = new Date(tx.now())
    const [failed] = await tx.db
      .update(integrationRotations)
      .set({ state: 'failed', error: why, finishedAt: at, updatedAt: at })
      .where(unfinished(id))
      .returning()
    if (!failed) return
    const { credentialId, system } = failed
    const after = { rotationId: id, credentialId, system, state: failed.state }
    await appendAudit(tx, { action: 'credential.rotation-failed', reason: why, after })
  })
}

/** Ends a rotation's first job: it waits for the end of its grace, and another job will delete the old credential. */
export async function drain(context: Context, place: Place): Promise<void> {
  await withTransaction(context, async (tx) => {
    const { rotation } = await lockForWork(tx, place)
    if (rotation.graceEndsAt === null) throw new Error('a rotation has switched without a grace')
    await queueDeletion(tx, rotation, rotation.graceEndsAt.getTime())
    await burnDelivered(tx, rotation)
    await completeJob(tx.db, place.jobId, tx.now())
  })
}

/** Ends a rotation. */
export async function complete(context: Context, place: Place): Promise<void> {
  await withTransaction(context, async (tx) => {
    const { rotation } = await lockForWork(tx, place)
    const at = new Date(tx.now())
    await tx.db
      .update(integrationRotations)
      .set({ state: 'completed', error: null, finishedAt: at, updatedAt: at })
      .where(eq(integrationRotations.id, rotation.id))
    await burnDelivered(tx, rotation)
    await completeJob(tx.db, place.jobId, tx.now())
  })
}

/** What a hook or a webhook took, and the system takes, is kept no longer. */
async function burnDelivered(tx: TransactionContext, { id, handOver }: RotationRow): Promise<void> {
  if (handOver.type === 'claim') return
  await tx.db.delete(integrationEscrow).where(eq(integrationEscrow.rotationId, id))
}
