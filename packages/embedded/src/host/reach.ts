import { execFile } from 'node:child_process'
import { chmod, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import type { ServerUser } from './server-user.ts'

const run = promisify(execFile)

/** A program to start, with the account to start it under. */
export interface Command {
  program: string
  args: readonly string[]
  account: { uid?: number; gid?: number }
}

/** Turns a program and its arguments into a command that runs under the servers' account. */
export type RunAs = (program: string, args: readonly string[]) => Command

/**
 * Finds a way to run programs under `user` that reaches `paths`, also where they lie under a directory that is closed to
 * others (a clone in /root or under `mktemp -d`), in this order:
 * 1. as that user, where the modes allow it;
 * 2. as that user with the capability to search any directory (capabilities(7), CAP_DAC_READ_SEARCH, or
 *    CAP_DAC_OVERRIDE where a container leaves only that), which changes nothing on the disk;
 * 3. with search permission for others (o+x) on the directories in between, which `tell` is told of.
 * @param user undefined: as whoever runs this process
 * @throws Error where nothing helps
 */
export async function findWay(
  user: ServerUser | undefined,
  paths: readonly string[],
  tell: (line: string) => void,
): Promise<RunAs> {
  if (!user) return (program, args) => ({ program, args, account: {} })
  const plain: RunAs = (program, args) => ({ program, args, account: { uid: user.uid, gid: user.gid } })
  const ways = [plain, withCapability(user, 'dac_read_search'), withCapability(user, 'dac_override')]
  for (const way of ways) if (await reaches(way, paths)) return way
  for (const parent of new Set(paths.flatMap(parents))) {
    const { mode } = await stat(parent)
    if (mode & 0o001) continue
    tell(`gave others search permission (o+x) on ${parent}, so that the account ${user.name} reaches its files`)
    await chmod(parent, mode | 0o001)
  }
  if (await reaches(plain, paths)) return plain
  throw new Error(`The account ${user.name} cannot reach ${paths.join(', ')}; set MOMENTRY_DATA_DIR to another place`)
}

/**
 * Keeps one capability over the change of user and over exec, and drops all others for good. The secure bit makes the
 * capability count in access(2) too, by which PostgreSQL looks for its own program.
 */
function withCapability(user: ServerUser, capability: string): RunAs {
  const only = `-all,+${capability}`
  const options = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--securebits=+no_setuid_fixup']
  const capabilities = [`--inh-caps=${only}`, `--ambient-caps=${only}`, `--bounding-set=${only}`, '--no-new-privs']
  return (program, args) => ({
    program: 'setpriv',
    args: [...options, ...capabilities, '--', program, ...args],
    account: {},
  })
}

async function reaches(way: RunAs, paths: readonly string[]): Promise<boolean> {
  const { program, args, account } = way('/bin/sh', ['-c', 'for p; do [ -r "$p" ] || exit 1; done', 'sh', ...paths])
  return run(program, args, { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  )
}

function parents(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [...parents(parent), parent]
}
