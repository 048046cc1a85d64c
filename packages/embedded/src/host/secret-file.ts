import { randomBytes } from 'node:crypto'
import { chmod, chown, readFile, rename, writeFile } from 'node:fs/promises'
import type { ServerUser } from './server-user.ts'

/** Writes a file that only its owner can read (0600), whole or not at all. */
export async function writePrivateFile(path: string, text: string, owner?: ServerUser | undefined): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  await writeFile(temporary, text, { mode: 0o600, flush: true })
  if (owner) await chown(temporary, owner.uid, owner.gid)
  await rename(temporary, path)
}

/** Gives the password kept in a private file; makes one of 192 random bits (hex) where there is none. */
export async function readOrMakePassword(path: string, owner?: ServerUser | undefined): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => '')
  if (kept.trim() !== '') {
    await chmod(path, 0o600)
    if (owner) await chown(path, owner.uid, owner.gid)
    return kept.trim()
  }
  const made = randomBytes(24).toString('hex')
  await writePrivateFile(path, `${made}\n`, owner)
  return made
}
