import type { Config } from '../../config.ts'
import { createDirectoryStorage } from './directory.ts'
import type { BackupStorage } from './storage.ts'

/** Opens where backups go: the bucket where one is configured, else the directory. Nothing is asked of it yet. */
export async function openBackupStorage({ s3, dir }: Pick<Config['backup'], 's3' | 'dir'>): Promise<BackupStorage> {
  if (!s3) return createDirectoryStorage(dir)
  // Loaded here only: whoever keeps backups in a directory starts without it.
  const { createS3Storage } = await import('./s3.ts')
  return createS3Storage(s3)
}
