import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile } from '../connect/read-json-file.ts'

const time = z.iso.datetime()

/** How far an import is. Kept in the data directory, so that the same command goes on where it was. */
const progressSchema = z.object({
  file: z.string(),
  server: z.string(),
  /** What tells keys apart, or the key that all events go to. */
  mapping: z.string(),
  batchSize: z.int().min(1),
  /** Events of the file that were later than this (and a minute) are left out, now and when it goes on. */
  asOf: time,
  /** A key that the events went to: where the server no longer knows it, it is another server. */
  anchorKeyId: z.uuid(),
  batches: z.int().min(0),
  /** How many of them the server has acknowledged. */
  acknowledged: z.int().min(0),
  events: z.int().min(0),
  finishedAt: time.optional(),
})
export type ImportProgress = z.infer<typeof progressSchema>

export interface ProgressFile {
  read(): Promise<ImportProgress | undefined>
  write(progress: ImportProgress): Promise<void>
}

/** What makes two imports the same one: the file's content, where its events go, and to which server. */
export interface ImportIdentity {
  /** SHA-256 of the file, in hex. */
  digest: string
  mapping: string
  server: string
}

export function createProgressFile(dataDir: string, identity: ImportIdentity): ProgressFile {
  const folder = join(dataDir, 'imports')
  const file = join(folder, `${hashOf(identity.digest, identity.mapping, identity.server)}.json`)
  return {
    read: () => readJsonFile(file, progressSchema),
    async write(progress) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Renamed into place: whatever ends the process, the file is whole.
      await writeFile(`${file}.next`, `${JSON.stringify(progress, undefined, 2)}\n`, { mode: 0o600 })
      await rename(`${file}.next`, file)
    },
  }
}

/**
 * Gives a batch's `Idempotency-Key`: the same whenever and from wherever the same file is imported in the same way, so
 * that a batch that is sent again is not counted again.
 */
export function batchIdempotencyKey(digest: string, mapping: string, batchSize: number, index: number): string {
  return hashOf('usage import', digest, mapping, String(batchSize), String(index))
}

/** SHA-256, in hex, of parts that cannot run into each other. */
export function hashOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
