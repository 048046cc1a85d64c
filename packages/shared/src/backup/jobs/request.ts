import { appendAudit } from '../../audit/append.ts'
import { createJob } from '../../jobs/create.ts'
import { refuseUnheld } from '../../keys/authority.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { type BackupWork, backupQueue } from './work.ts'

/**
 * Queues work on backups. Whoever restores one grants anew whatever it holds, so that takes a key that holds everything.
 * @returns the id of its job
 * @throws MomentryError `SCOPE_NOT_HELD`
 */
export function requestBackupWork(
  context: Context,
  { announce }: { announce: () => Promise<void> },
  work: BackupWork,
): Promise<string> {
  if (work.do === 'restore') refuseUnheld(context.actor.scopes, ['*'])
  return withTransaction(context, async (tx) => {
    const job = { queue: backupQueue, name: `${work.do} backup`, data: { ...work }, maxAttempts: 1 }
    const jobId = await createJob(tx.db, job, tx.now())
    await appendAudit(tx, { action: 'backup.requested', after: { ...work, jobId } })
    tx.afterCommit(announce)
    return jobId
  })
}
