import { constants } from 'node:fs'
import { access, chmod, chown, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ServerUser } from './server-user.ts'

/**
 * Makes the data directory where there is none, with those above it, all closed to others.
 * @throws Error, one line for people, where it cannot be made or written to
 */
export async function makeDataDir(dir: string): Promise<void> {
  await orName(dir, async () => {
    await makeDir(dir)
    await access(dir, constants.R_OK | constants.W_OK | constants.X_OK)
  })
}

/**
 * Makes a data directory that is closed to others: mode 0700, or, where servers run under an account of their own, 0710
 * with that account's group, so that it can pass through and see nothing.
 * @throws Error, one line for people, where that cannot be
 */
export async function prepareDataDir(dir: string, user: ServerUser | undefined): Promise<void> {
  await makeDataDir(dir)
  await orName(dir, async () => {
    if (user) await chown(dir, 0, user.gid)
    await chmod(dir, user ? 0o710 : 0o700)
  })
}

/** Makes a directory of a server's own, mode 0700. */
export async function prepareServerDir(dir: string, user: ServerUser | undefined): Promise<void> {
  await makeDir(dir)
  if (user) await chown(dir, user.uid, user.gid)
  await chmod(dir, 0o700)
}

/** Step by step: Node's own recursive mkdir never returns where a parent exists and refuses with ENOENT, as /proc does. */
async function makeDir(dir: string): Promise<void> {
  if (await isDirectory(dir)) return
  if (dirname(dir) !== dir) await makeDir(dirname(dir))
  await mkdir(dir, { mode: 0o700 }).catch(async (error: unknown) => {
    if (!(await isDirectory(dir))) throw error
  })
}

function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
}

/** Names the variable and the place where the system refuses; of the system's words only those before the call. */
async function orName(dir: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split(',')[0] : String(cause)
    throw new Error(`MOMENTRY_DATA_DIR: ${dir} is no directory that can be made and written to (${why})`, { cause })
  }
}
