import { join } from 'node:path'
import { prepareDataDir } from './data-dir.ts'
import { findServerUser, type ServerUser } from './server-user.ts'

export interface EmbeddedOptions {
  /** The data directory that the server's own directory, its password and its log lie in. */
  dataDir: string
  /** Exactly this port; by default the one of last time where it is free, or any. */
  port?: number | undefined
  /** False, for tests only: nothing is synced to the disk, so a crash of the machine may lose it. */
  durable?: boolean
  /** Is told, one line each, of what is worth knowing. */
  tell?: (line: string) => void
}

/** The places of one embedded server in a data directory. */
export interface Places {
  user: ServerUser | undefined
  dir: string
  logFile: string
  portFile: string
}

/** Makes the data directory where needed, and gives the places of the server `name` in it. */
export async function preparePlaces(dataDir: string, name: string): Promise<Places> {
  if (process.platform === 'win32')
    throw new Error('Embedded servers do not run on Windows: use WSL, or set DATABASE_URL and REDIS_URL')
  const user = await findServerUser()
  await prepareDataDir(dataDir, user)
  const file = (extension: string) => join(dataDir, `${name}.${extension}`)
  return { user, dir: join(dataDir, name), logFile: file('log'), portFile: file('port') }
}
