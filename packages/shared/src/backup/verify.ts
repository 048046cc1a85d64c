import { Writable } from 'node:stream'
import { MomentryError } from '../errors.ts'
import type { BackupDeps } from './deps.ts'
import { fileName, manifestName } from './format/manifest.ts'
import { loadManifest, showBackup } from './list.ts'
import { claimName, folderOf } from './storage/names.ts'
import { readTable } from './tables/read-table.ts'

export interface BackupVerification {
  number: number
  valid: boolean
  /** What is wrong, by file; empty where nothing is. */
  problems: { file: string; reason: string }[]
}

/**
 * Reads all of a backup and checks it to the last bit.
 * @throws MomentryError `BACKUP_NOT_FOUND`; of format 1, which proves nothing, only that it can be read
 */
export async function verifyBackup(deps: BackupDeps, number: number): Promise<BackupVerification> {
  const problems: BackupVerification['problems'] = []
  const check = async (file: string, work: () => Promise<unknown>) => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof MomentryError) || !/^BACKUP_(DAMAGED|NOT_FOUND)$/.test(error.code)) throw error
      problems.push({ file, reason: error.message.replace(/^[^:]*: /, '') })
      return undefined
    }
  }
  const folder = folderOf(number)
  const files = (await deps.storage.list()).filter(({ path }) => path.startsWith(`${folder}/`))
  if (!files.some(({ path }) => path === `${folder}/${manifestName}`)) {
    await showBackup(deps, number)
    return { number, valid: true, problems }
  }
  await check(manifestName, async () => {
    const manifest = await loadManifest(deps, number)
    for (const [done, table] of manifest.tables.entries()) {
      deps.progress?.({ table: table.name, tablesDone: done, tables: manifest.tables.length })
      await check(fileName(table.name), () => readTable(deps, manifest, table, nowhere()))
    }
    const expected = new Set([manifestName, claimName, ...manifest.tables.map(({ name }) => fileName(name))])
    for (const { path, bytes } of files) {
      const file = path.slice(folder.length + 1)
      if (!expected.has(file)) problems.push({ file, reason: 'it does not belong to this backup' })
      if (file === claimName && bytes > 0) problems.push({ file, reason: 'it should be empty' })
    }
  })
  return { number, valid: problems.length === 0, problems }
}

function nowhere(): Writable {
  return new Writable({ write: (_piece, _encoding, done) => done() })
}
