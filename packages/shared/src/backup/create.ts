import { randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import type pg from 'pg'
import { to } from 'pg-copy-streams'
import { MomentryError } from '../errors.ts'
import { createId } from '../platform/id.ts'
import type { DatabaseDeps } from './deps.ts'
import { sealChunks } from './format/chunks.ts'
import {
  fileKey,
  fileName,
  type Manifest,
  manifestName,
  masterKeyId,
  type TableEntry,
  writeManifest,
} from './format/manifest.ts'
import { type BackupInfo, infoOf } from './info.ts'
import { listBackups } from './list.ts'
import { folderOf, numberOf } from './storage/names.ts'
import { removeBackup } from './storage/remove-backup.ts'
import type { BackupStorage } from './storage/storage.ts'
import { quote, readSequences, type Table } from './tables/catalogue.ts'
import { connectForBackup } from './tables/connect.ts'
import { countRows } from './tables/count-rows.ts'
import { asDatabaseError } from './tables/database-error.ts'
import { measure } from './tables/measure.ts'
import { readSchemaVersion } from './tables/schema-version.ts'
import { beginSnapshot } from './tables/snapshot.ts'

/** zstd's own default: fast, and a fraction of the text. */
const compressionLevel = 3
/** How often somebody else may be faster at taking a number. */
const maxClaims = 100

/**
 * Makes a backup of the whole database as it is at one moment, while it is in use. Memory does not grow with it. The
 * manifest is written last: without it there is no backup.
 * @throws MomentryError `DATABASE_UNAVAILABLE`, `STORAGE_UNAVAILABLE`; `FORBIDDEN` where the role may not read all of it
 */
export async function createBackup(deps: DatabaseDeps, { reason }: { reason: string | null }): Promise<BackupInfo> {
  const { storage } = deps
  const { backups } = await listBackups(deps)
  const number = await claimNumber(storage)
  try {
    const content = { number, parent: backups[0]?.number ?? null, reason }
    const manifest = await copyDatabase(deps, content)
    await storage.commit(`${folderOf(number)}/${manifestName}`, writeManifest(manifest, deps.masterKeys[0]))
    return infoOf(manifest)
  } catch (error) {
    // What is left would fill the storage of those who try again; where even this fails, it is pruned later.
    const remove = async () => removeBackup(storage, number, await storage.list())
    await remove().catch(() => undefined)
    throw asDatabaseError(error)
  }
}

/** Takes the number after the highest that anybody took, finished or not. */
async function claimNumber(storage: BackupStorage): Promise<number> {
  const taken = (await storage.list()).map(({ path }) => numberOf(path) ?? 0)
  const first = Math.max(0, ...taken) + 1
  for (let number = first; number < first + maxClaims; number += 1)
    if (await storage.claim(folderOf(number))) return number
  throw new MomentryError(
    'STORAGE_UNAVAILABLE',
    `none of the numbers from ${first} on is free in ${storage.describe()}`,
  )
}

/** Writes all files but the manifest. */
async function copyDatabase(
  deps: DatabaseDeps,
  content: Pick<Manifest, 'number' | 'parent' | 'reason'>,
): Promise<Manifest> {
  const [masterKey] = deps.masterKeys
  const client = await connectForBackup(deps.databaseUrl)
  try {
    const tables = await beginSnapshot(client)
    const schemaVersion = await readSchemaVersion(client)
    if (schemaVersion === 0) throw new MomentryError('CONFLICT', 'the database holds nothing of Momentry')
    const head = {
      ...{ format: 2 as const, ...content, id: createId(), schemaVersion },
      createdAt: new Date(deps.now()).toISOString(),
      ...{ keyId: masterKeyId(masterKey), salt: randomBytes(32).toString('hex') },
    }
    const entries: TableEntry[] = []
    for (const table of tables) {
      deps.progress?.({ table: table.name, tablesDone: entries.length, tables: tables.length })
      const key = fileKey(masterKey, head, table.name)
      entries.push(await writeTable({ ...deps, client }, table, { number: content.number, key }))
    }
    // Sequences show no snapshot but the present: read last, they are never behind the rows.
    const sequences = await readSequences(client)
    await client.query('COMMIT')
    return { ...head, tables: entries, sequences }
  } finally {
    await client.end()
  }
}

async function writeTable(
  { client, storage, signal }: Pick<DatabaseDeps, 'storage' | 'signal'> & { client: pg.Client },
  table: Table,
  { number, key }: { number: number; key: Buffer },
): Promise<TableEntry> {
  signal?.throwIfAborted()
  const rows = countRows()
  const file = measure()
  const out = new PassThrough()
  const copied = client.query(to(copyOut(table)))
  // It tells once more when its connection is closed, and nobody else listens then.
  copied.on('error', () => undefined)
  const zip = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: compressionLevel } })
  const [copying, writing] = await Promise.allSettled([
    pipeline([copied, rows.stream, zip, sealChunks(key), file.stream, out], { ...(signal && { signal }) }),
    storage.write(`${folderOf(number)}/${fileName(table.name)}`, out),
  ])
  // A storage that fails ends the copy; a copy that fails is what the storage fails with.
  if (writing.status === 'rejected' && writing.reason instanceof MomentryError) throw writing.reason
  if (copying.status === 'rejected') throw copying.reason
  if (writing.status === 'rejected') throw writing.reason
  return { ...table, rows: rows.rows(), bytes: file.bytes(), sha256: file.sha256() }
}

/** In the order of the primary key as text, byte by byte, so that two backups can be compared side by side. */
function copyOut({ name, columns, primaryKey }: Table): string {
  const order = primaryKey.map((column) => `${quote(column)}::text COLLATE "C"`).join(', ')
  const select = `SELECT ${columns.map(quote).join(', ')} FROM ${quote(name)}${order === '' ? '' : ` ORDER BY ${order}`}`
  return `COPY (${select}) TO STDOUT`
}
