import { chmod, chown, mkdir } from 'node:fs/promises'
import type { ServerUser } from './server-user.ts'

/**
 * Makes a data directory that is closed to others: mode 0700, or, where servers run under an account of their own, 0710
 * with that account's group, so that it can pass through and see nothing.
 */
export async function prepareDataDir(dir: string, user: ServerUser | undefined): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  if (user) await chown(dir, 0, user.gid)
  await chmod(dir, user ? 0o710 : 0o700)
}

/** Makes a directory of a server's own, mode 0700. */
export async function prepareServerDir(dir: string, user: ServerUser | undefined): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  if (user) await chown(dir, user.uid, user.gid)
  await chmod(dir, 0o700)
}
