import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** An account of the operating system that servers run under. */
export interface ServerUser {
  name: string
  uid: number
  gid: number
}

/**
 * Gives the account for servers where this process is root, which PostgreSQL refuses to run as: `postgres`, made as a
 * system account where it is missing, or `nobody` where no account can be made.
 * @returns undefined where this process is an ordinary user: servers then run as that user
 * @throws Error where there is no such account at all
 */
export async function findServerUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const user = (await lookUp('postgres')) ?? (await make('postgres')) ?? (await lookUp('nobody'))
  if (!user) throw new Error('PostgreSQL does not run as root, and no account "postgres" could be made for it')
  return user
}

async function lookUp(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

/** A system account: systemd removes the shared memory of ordinary ones when they log out. */
async function make(name: string): Promise<ServerUser | undefined> {
  const shadow = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name]
  const busybox = ['-S', '-D', '-H', '-s', '/sbin/nologin', name]
  await run('useradd', shadow).catch(() => run('adduser', busybox).catch(() => undefined))
  return lookUp(name)
}
