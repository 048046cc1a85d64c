import type { BackupDeps, BackupProgress, DatabaseDeps } from '@momentry/shared/backup/deps.ts'
import { readConfig } from '@momentry/shared/config.ts'
import { MomentryError } from '@momentry/shared/errors.ts'
import { findMasterKeys } from '../connect/find-master-keys.ts'
import { findDatabase } from '../connect/find-stores.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { createProgress, type Progress } from '../output/progress.ts'
import type { Session } from '../session.ts'

export interface Bench<Deps> {
  deps: Deps
  keep: { daily: number; weekly: number }
}

/** Works on backups without a server: with the storage and the master key alone. @throws CliFailure */
export async function withStorage<T>(
  session: Session,
  label: string,
  work: (bench: Bench<BackupDeps>) => Promise<T>,
): Promise<T> {
  const { host, config, dataDir, signal, out } = session
  // The command line may name another data directory than the environment.
  const { backup } = readConfig({ ...host.env, MOMENTRY_DATA_DIR: dataDir })
  const { keys } = await findMasterKeys(config, dataDir)
  // Loaded here only: every other command starts without it.
  const { openBackupStorage } = await import('@momentry/shared/backup/storage/open.ts')
  const storage = await openBackupStorage(backup)
  let bar: Progress | undefined
  const progress = ({ tables, tablesDone }: BackupProgress) => {
    bar ??= createProgress(out, label, tables)
    bar.update(tablesDone)
  }
  try {
    return await work({ deps: { storage, masterKeys: keys, now: Date.now, signal, progress }, keep: backup.keep })
  } catch (error) {
    if (!(error instanceof MomentryError)) throw error
    throw new CliFailure(exitCodeOf(error), error.message)
  } finally {
    bar?.stop()
    await storage.close()
  }
}

/** The same, with the database as well. */
export async function withDatabase<T>(
  session: Session,
  label: string,
  work: (bench: Bench<DatabaseDeps>) => Promise<T>,
): Promise<T> {
  const databaseUrl = await findDatabase(session.config, session.dataDir)
  return withStorage(session, label, ({ deps, keep }) => work({ deps: { ...deps, databaseUrl }, keep }))
}

function exitCodeOf({ code }: MomentryError): ExitCode {
  if (code === 'BACKUP_NOT_FOUND') return exitCodes.notFound
  if (code === 'STORAGE_UNAVAILABLE' || code === 'DATABASE_UNAVAILABLE') return exitCodes.unreachable
  return exitCodes.failed
}
