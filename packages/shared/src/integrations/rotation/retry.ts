import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { requeueJob } from '../../jobs/progress.ts'
import { getJob } from '../../jobs/read/get.ts'
import type { JobView } from '../../jobs/read/view.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import type { Announce } from '../../rotation/queue.ts'
import { lockCredential } from '../credentials/find.ts'
import { integrationRotations } from '../table.ts'
import { lockRotation, lockUnfinished } from './find.ts'

/**
 * Has a failed job of a rotation elsewhere tried again, with all of its attempts before it.
 * @returns undefined where the job is none of these
 * @throws MomentryError `CONFLICT` where it has not failed; `ROTATION_IN_PROGRESS` where another one is under way
 */
export function retryIntegrationJob(
  context: Context,
  { announce }: { announce: Announce },
  jobId: string,
): Promise<JobView | undefined> {
  return withTransaction(context, async (tx) => {
    const [found] = await tx.db.select().from(integrationRotations).where(eq(integrationRotations.jobId, jobId))
    if (!found) return undefined
    const { id, system, credentialId } = found
    await lockCredential(tx, system, credentialId)
    const rotation = await lockRotation(tx, id)
    if (!(await requeueJob(tx.db, jobId, tx.now())))
      throw new MomentryError('CONFLICT', `the rotation is ${rotation.state}: only one that failed is tried again`)
    if ((await lockUnfinished(tx, { system, credentialId })).length > 0)
      throw new MomentryError('ROTATION_IN_PROGRESS', 'another rotation of this credential is under way')
    const at = new Date(tx.now())
    // One that failed to delete the old credential drains still; a forced one goes on where it was.
    const isDraining = rotation.verifiedAt !== null && rotation.kind !== 'forced'
    const state = isDraining ? 'draining' : 'queued'
    await tx.db
      .update(integrationRotations)
      .set({
        state,
        // Not before its grace is over.
        wakesAt: isDraining && rotation.graceEndsAt && rotation.graceEndsAt > at ? rotation.graceEndsAt : at,
        enqueuedAt: null,
        finishedAt: null,
        updatedAt: at,
      })
      .where(eq(integrationRotations.id, id))
    await appendAudit(tx, {
      action: 'credential.rotation-retried',
      before: { rotationId: id, state: rotation.state },
      after: { rotationId: id, credentialId, system, jobId, state },
    })
    tx.afterCommit(() => announce())
    return getJob(tx, jobId)
  })
}
