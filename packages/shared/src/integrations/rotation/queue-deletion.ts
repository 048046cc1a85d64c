import { createJob } from '../../jobs/create.ts'
import type { TransactionContext } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import { integrationRotations } from '../table.ts'
import { maxAttempts, queueName } from './queue.ts'
import type { RotationRow } from './view.ts'

/**
 * Leaves nothing of a rotation but that its old credential is deleted, by a job of its own. What becomes of the job before
 * that is for who calls.
 * @param wakesAt when it is due, ms
 */
export async function queueDeletion(
  tx: TransactionContext,
  { id, system }: RotationRow,
  wakesAt: number,
): Promise<void> {
  const job = { queue: queueName, name: 'delete old', data: { rotationId: id, system }, maxAttempts }
  const change = {
    state: 'draining',
    error: null,
    wakesAt: new Date(wakesAt),
    enqueuedAt: null,
    finishedAt: null,
  } as const
  await tx.db
    .update(integrationRotations)
    .set({ ...change, jobId: await createJob(tx.db, job, tx.now()), updatedAt: new Date(tx.now()) })
    .where(eq(integrationRotations.id, id))
}
