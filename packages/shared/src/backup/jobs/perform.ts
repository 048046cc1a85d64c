import { createBackup } from '../create.ts'
import type { DatabaseDeps } from '../deps.ts'
import { diffBackups } from '../diff.ts'
import { pruneBackups } from '../prune.ts'
import { restoreBackup } from '../restore.ts'
import { verifyBackup } from '../verify.ts'
import type { BackupWork } from './work.ts'

/** Does what a job asks for, and gives what its row says of it. @throws MomentryError as the work itself does */
export async function performBackupWork(deps: DatabaseDeps, work: BackupWork): Promise<Record<string, unknown>> {
  switch (work.do) {
    case 'create':
      return short(await createBackup(deps, { reason: work.reason }))
    case 'create-and-prune': {
      const made = short(await createBackup(deps, { reason: 'by schedule' }))
      return { ...made, pruned: await pruneBackups(deps, work, { dryRun: false }) }
    }
    case 'verify':
      return { ...(await verifyBackup(deps, work.number)) }
    case 'restore':
      return { ...(await restoreBackup(deps, work.number, { replace: true })) }
    case 'prune':
      return { ...(await pruneBackups(deps, work, { dryRun: work.dryRun })) }
    case 'diff':
      return { tables: await diffBackups(deps, work.before, work.after) }
  }
}

function short({ number, rows, bytes }: { number: number; rows: number; bytes: number }) {
  return { number, rows, bytes }
}
