import type { Readable } from 'node:stream'

/**
 * Where backups lie: one folder each, named by its number, and documents of format 1 beside them. All of it throws
 * `STORAGE_UNAVAILABLE` where the storage fails.
 */
export interface BackupStorage {
  /** For people: the directory, or the bucket. */
  describe(): string
  /** Takes a folder's name for the caller alone. @returns false where somebody has it */
  claim(folder: string): Promise<boolean>
  /**
   * Writes a file. Until this resolves, it may be there in part.
   * @throws MomentryError `STORAGE_UNAVAILABLE`; what the source fails with
   */
  write(path: string, source: Readable): Promise<void>
  /** Writes a small file whole or not at all, after everything that was written before it. */
  commit(path: string, text: string): Promise<void>
  /** @throws MomentryError `BACKUP_NOT_FOUND` */
  read(path: string): Promise<Readable>
  /** All paths, from the top, `000001/manifest.json`; in no order. */
  list(): Promise<StoredFile[]>
  remove(path: string): Promise<void>
  close(): Promise<void>
}

export interface StoredFile {
  path: string
  bytes: number
  /** When it was last written. */
  at: Date
}
