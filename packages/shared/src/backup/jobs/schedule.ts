import type { Context } from '../../platform/context.ts'
import { sql } from '../../platform/postgres/query.ts'
import type { Keep } from '../retention.ts'
import { requestBackupWork } from './request.ts'
import { backupQueue } from './work.ts'

/** Queues the backup that comes round, unless the one before it is not over. @returns how many were queued */
export async function queueScheduledBackup(
  context: Context,
  { announce, keep }: { announce: () => Promise<void>; keep: Keep },
): Promise<number> {
  const { rows } = await context.db.execute(sql`
    select 1 from jobs where queue = ${backupQueue} and state in ('queued', 'running')
      and data->>'do' = 'create-and-prune' limit 1`)
  if (rows.length > 0) return 0
  await requestBackupWork(context, { announce }, { do: 'create-and-prune', ...keep })
  return 1
}
