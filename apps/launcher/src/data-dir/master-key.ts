import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writePrivateFile } from '@momentry/embedded/host/secret-file.ts'
import { parseMasterKeys } from '@momentry/shared/config/fields.ts'

/**
 * Gives the master key of a data directory: 32 bytes in base64, made at the first start and kept in `master.key`; while
 * it is replaced (`momentry master-key rotate`), the new one and the old one, comma-separated.
 * @throws Error where that file holds anything else
 */
export async function readOrMakeMasterKey(dataDir: string): Promise<string> {
  const file = join(dataDir, 'master.key')
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (kept === '') {
    const made = randomBytes(32).toString('base64')
    await writePrivateFile(file, `${made}\n`)
    return made
  }
  try {
    return parseMasterKeys(kept).join(',')
  } catch {
    throw new Error(`${file} does not hold a master key (32 bytes in base64)`)
  }
}
