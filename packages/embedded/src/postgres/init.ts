import { execFile } from 'node:child_process'
import { access, chown, lstat, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { prepareServerDir } from '../host/data-dir.ts'
import type { RunAs } from '../host/reach.ts'
import type { ServerUser } from '../host/server-user.ts'

const run = promisify(execFile)

export interface InitOptions {
  dir: string
  initdb: string
  runAs: RunAs
  user: ServerUser | undefined
  /** Holds the superuser's password; the servers' account can read it. */
  passwordFile: string
  durable: boolean
}

/**
 * Makes PostgreSQL's directory where there is none. It is made beside its place and moved there when it is complete, so
 * that an interrupted first start leaves nothing that looks complete.
 */
export async function initPostgres(options: InitOptions): Promise<void> {
  const { dir, user } = options
  const exists = await access(join(dir, 'PG_VERSION')).then(
    () => true,
    () => false,
  )
  if (exists) return takeOwnership(dir, user)
  const unfinished = `${dir}.new`
  await rm(unfinished, { recursive: true, force: true })
  await prepareServerDir(unfinished, user)
  const { program, args, account } = options.runAs(options.initdb, [
    `--pgdata=${unfinished}`,
    '--username=postgres',
    `--pwfile=${options.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same sorting on every machine, whatever locales it has.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    ...(options.durable ? [] : ['--no-sync']),
  ])
  await run(program, args, { ...account, cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } })
  await rm(dir, { recursive: true, force: true })
  await rename(unfinished, dir)
}

/** A directory that was copied or restored by root belongs to root, and PostgreSQL refuses it. */
async function takeOwnership(path: string, user: ServerUser | undefined): Promise<void> {
  if (!user) return
  const entry = await lstat(path)
  if (entry.uid === user.uid) return
  await chown(path, user.uid, user.gid)
  if (!entry.isDirectory()) return
  for (const name of await readdir(path)) await takeOwnership(join(path, name), user)
}
