import { randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import type pg from 'pg'
import { to } from 'pg-copy-streams'
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
import type { BackupStorage } from './storage/storage.ts'
import { quote, readSequences, readTables, type Table } from './tables/catalogue.ts'
import { connectForBackup } from './tables/connect.ts'
import { countRows } from './tables/count-rows.ts'
import { measure } from './tables/measure.ts'
import { readSchemaVersion } from './tables/schema-version.ts'

/** zstd's own default: fast, and a fraction of the text. */
const compressionLevel = 3
/** How often somebody else may be faster at taking a number. */
const maxClaims = 100

/**
 * Makes a backup of the whole database as it is at one moment, while it is in use. Memory does not grow with it. The
 * manifest is written last: without it there is no backup.
 * @throws MomentryError `DATABASE_UNAVAILABLE`, `STORAGE_UNAVAILABLE`
 */
export async function createBackup(deps: DatabaseDeps, { reason }: { reason: string | null }): Promise<BackupInfo> {
  const { storage, masterKeys, now } = deps
  const [masterKey] = masterKeys
  const client = await connectForBackup(deps.databaseUrl)
  try {
    const { backups } = await listBackups(deps)
    const parent = backups[0]?.number ?? null
    const number = await claimNumber(storage)
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const tables = await readTables(client)
    const head = {
      ...{ format: 2 as const, number, id: createId(), schemaVersion: await readSchemaVersion(client) },
      createdAt: new Date(now()).toISOString(),
      ...{ parent, reason, keyId: masterKeyId(masterKey), salt: randomBytes(32).toString('hex') },
    }
    const entries: TableEntry[] = []
    for (const table of tables) {
      deps.progress?.({ table: table.name, tablesDone: entries.length, tables: tables.length })
      const key = fileKey(masterKey, head, table.name)
      entries.push(await writeTable({ client, storage, signal: deps.signal }, table, { number, key }))
    }
    const manifest: Manifest = { ...head, tables: entries, sequences: await readSequences(client) }
    await client.query('COMMIT')
    await storage.commit(`${folderOf(number)}/${manifestName}`, writeManifest(manifest, masterKey))
    return infoOf(manifest)
  } finally {
    await client.end()
  }
}

/** Takes the number after the highest that anybody took, finished or not. */
async function claimNumber(storage: BackupStorage): Promise<number> {
  const taken = (await storage.list()).map(({ path }) => numberOf(path) ?? 0)
  const first = Math.max(0, ...taken) + 1
  for (let number = first; number < first + maxClaims; number += 1)
    if (await storage.claim(folderOf(number))) return number
  throw new Error('no number for a backup is free')
}

async function writeTable(
  { client, storage, signal }: { client: pg.Client; storage: BackupStorage; signal: AbortSignal | undefined },
  table: Table,
  { number, key }: { number: number; key: Buffer },
): Promise<TableEntry> {
  const rows = countRows()
  const file = measure()
  const out = new PassThrough()
  const copied = client.query(to(copyOut(table)))
  const zip = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: compressionLevel } })
  await Promise.all([
    pipeline([copied, rows.stream, zip, sealChunks(key), file.stream, out], { ...(signal && { signal }) }),
    storage.write(`${folderOf(number)}/${fileName(table.name)}`, out),
  ])
  return { ...table, rows: rows.rows(), bytes: file.bytes(), sha256: file.sha256() }
}

/** In the order of the primary key as text, byte by byte, so that two backups can be compared side by side. */
function copyOut({ name, columns, primaryKey }: Table): string {
  const order = primaryKey.map((column) => `${quote(column)}::text COLLATE "C"`).join(', ')
  const select = `SELECT ${columns.map(quote).join(', ')} FROM ${quote(name)}${order === '' ? '' : ` ORDER BY ${order}`}`
  return `COPY (${select}) TO STDOUT`
}
