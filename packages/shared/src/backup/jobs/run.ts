import type { SendAlert } from '../../alerts/send.ts'
import { appendAudit } from '../../audit/append.ts'
import { tellError } from '../../jobs/error-text.ts'
import { completeJob, failJob, startJob } from '../../jobs/progress.ts'
import { recordRun } from '../../jobs/record-run.ts'
import { runProcessor } from '../../jobs/run-processor.ts'
import { jobs } from '../../jobs/table.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import type { Logger } from '../../platform/process/log.ts'
import type { DatabaseDeps } from '../deps.ts'
import { connectForBackup } from '../tables/connect.ts'
import { performBackupWork } from './perform.ts'
import { beatMs } from './take.ts'
import { type BackupWork, backupQueue, backupWorkSchema } from './work.ts'

export interface BackupRunnerDeps {
  /** Momentry's own: a worker acts for nobody. */
  context: Context
  backup: DatabaseDeps
  sendAlert: SendAlert
  log: Logger
}

/** Any number that no other lock of this database takes: one process works on backups at a time. */
const lockId = 7_160_394

/** Gives the work on one job about backups, by the job's id. */
export function createBackupRunner(deps: BackupRunnerDeps): (jobId: string) => Promise<void> {
  return async (jobId) => {
    const client = await connectForBackup(deps.backup.databaseUrl)
    try {
      const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [lockId])
      // Somebody else works: the row still waits, and comes again.
      if (rows[0]?.free) await runJob(deps, jobId)
    } finally {
      await client.end()
    }
  }
}

async function runJob(deps: BackupRunnerDeps, jobId: string): Promise<void> {
  const { context, backup, log } = deps
  const { db, now } = context
  const attempt = await startJob(db, jobId, now())
  if (attempt === undefined) return
  const [row] = await db.select({ data: jobs.data }).from(jobs).where(eq(jobs.id, jobId))
  const work = backupWorkSchema.parse(row?.data)
  const startedAt = now()
  const beat = setInterval(
    () =>
      void db
        .update(jobs)
        .set({ updatedAt: new Date(now()) })
        .where(eq(jobs.id, jobId))
        .catch(() => undefined),
    beatMs,
  )
  try {
    const place = { jobId, attempt, processor: work.do }
    // A restore replaces the row that would say how it goes.
    const isRestore = work.do === 'restore'
    const output = isRestore
      ? await performBackupWork(backup, work)
      : await runProcessor({ db, now }, place, () => performBackupWork(backup, work))
    if (isRestore)
      await recordRun(db, {
        queue: backupQueue,
        name: 'restore backup',
        startedAt,
        finishedAt: now(),
        output,
        error: undefined,
      })
    else await completeJob(db, jobId, now())
    await audit(context, work, output)
  } catch (error) {
    log.error({ err: error, job: work.do }, 'work on backups failed')
    await tellFailure(deps, jobId, work, tellError(error))
    await failJob(db, jobId, { error: tellError(error), final: true, attempt }, now())
  } finally {
    clearInterval(beat)
  }
}

const done: Readonly<Record<BackupWork['do'], string | undefined>> = {
  create: 'backup.created',
  'create-and-prune': 'backup.created',
  restore: 'backup.restored',
  prune: 'backup.pruned',
  verify: undefined,
  diff: undefined,
}

function audit(context: Context, work: BackupWork, output: Record<string, unknown>): Promise<void> {
  const action = done[work.do]
  if (action === undefined || (work.do === 'prune' && work.dryRun)) return Promise.resolve()
  return withTransaction(context, (tx) => appendAudit(tx, { action, after: output }))
}

/** People hear of what nobody waits for. */
async function tellFailure(
  { context, sendAlert }: BackupRunnerDeps,
  id: string,
  work: BackupWork,
  why: string,
): Promise<void> {
  if (work.do !== 'create-and-prune') return
  const timestamp = new Date(context.now()).toISOString()
  const data = { id, severity: 'high' as const, explanation: `the scheduled backup failed: ${why}` }
  await sendAlert({ type: 'backup.failed', timestamp, data }).catch(() => undefined)
}
