import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import { MomentryError } from '../../errors.ts'
import type { BackupDeps } from '../deps.ts'
import { openChunks } from '../format/chunks.ts'
import { fileKey, fileName, findMasterKey, type Manifest, type TableEntry } from '../format/manifest.ts'
import { folderOf } from '../storage/names.ts'
import { countRows } from './count-rows.ts'
import { measure } from './measure.ts'

/**
 * Reads a table of a backup, as `COPY` wrote it, into a stream, and checks all of it meanwhile.
 * @throws MomentryError `BACKUP_DAMAGED` with the name of the file; `BACKUP_NOT_FOUND` where it is gone;
 *   `STORAGE_UNAVAILABLE`; what `into` fails with
 */
export async function readTable(
  { storage, masterKeys, signal }: Pick<BackupDeps, 'storage' | 'masterKeys' | 'signal'>,
  manifest: Manifest,
  table: TableEntry,
  into: NodeJS.WritableStream,
): Promise<void> {
  const path = `${folderOf(manifest.number)}/${fileName(table.name)}`
  const damaged = (reason: string) => new MomentryError('BACKUP_DAMAGED', `${path}: ${reason}`)
  const file = measure()
  const rows = countRows()
  const key = fileKey(findMasterKey(masterKeys, manifest.keyId), manifest, table.name)
  const source = await storage.read(path)
  const stages: Transform[] = [file.stream, openChunks(key), createZstdDecompress(), rows.stream]
  // Who fails first says why: the others are ended with it.
  let failure: Error | undefined
  source.once('error', (error: Error) => (failure ??= asUnavailable(path, error)))
  for (const stage of stages) stage.once('error', (error: Error) => (failure ??= damaged(error.message)))
  into.once('error', (error: Error) => (failure ??= error))
  try {
    await pipeline([source, ...stages, into], { ...(signal && { signal }) })
  } catch (error) {
    signal?.throwIfAborted()
    throw failure ?? error
  }
  if (file.bytes() !== table.bytes) throw damaged(`it has ${file.bytes()} bytes and should have ${table.bytes}`)
  if (file.sha256() !== table.sha256) throw damaged('its SHA-256 is another one')
  if (rows.rows() !== table.rows) throw damaged(`it has ${rows.rows()} rows and should have ${table.rows}`)
}

function asUnavailable(path: string, error: Error): MomentryError {
  if (error instanceof MomentryError) return error
  return new MomentryError('STORAGE_UNAVAILABLE', `${path} could not be read to its end`, { cause: error })
}
