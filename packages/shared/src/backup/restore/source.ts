import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type pg from 'pg'
import { MomentryError } from '../../errors.ts'
import type { BackupDeps } from '../deps.ts'
import { type Document, readDocument } from '../format-1/read.ts'
import { infoOf } from '../info.ts'
import { findBackup, loadManifest } from '../list.ts'
import { restoreDocument } from './format-1.ts'
import { restoreTables } from './tables.ts'

type Deps = Pick<BackupDeps, 'storage' | 'masterKeys' | 'signal' | 'progress'>

export interface RestoreSource {
  info: { number: number | null; schemaVersion: number; rows: number }
  /** Writes all of it into an empty schema of its version. @returns tables that it leaves out */
  load(client: pg.ClientBase): Promise<string[]>
}

/** Opens what is to be restored. @throws MomentryError `BACKUP_NOT_FOUND`; `BACKUP_DAMAGED` */
export async function openSource(deps: Deps, source: number | { file: string }): Promise<RestoreSource> {
  if (typeof source !== 'number') return fromDocument(deps, await openFile(source.file), null)
  const found = await findBackup(deps, source)
  if (found.format === 1) return fromDocument(deps, found.document, source)
  const manifest = await loadManifest(deps, source)
  return { info: infoOf(manifest), load: (client) => restoreTables(deps, client, manifest) }
}

async function fromDocument(deps: Deps, document: Document, number: number | null): Promise<RestoreSource> {
  const { schemaVersion, tables } = await readDocument(document)
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const load = async (client: pg.ClientBase) => {
    await restoreDocument(deps, client, document)
    return []
  }
  return { info: { number, schemaVersion, rows }, load }
}

async function openFile(path: string): Promise<Document> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) throw new MomentryError('BACKUP_NOT_FOUND', `there is no file ${path}`)
  return { path, bytes: found.size, open: async () => createReadStream(path) }
}
