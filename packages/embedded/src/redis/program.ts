import { constants } from 'node:fs'
import { access, realpath } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** Gives the path of redis-server, or of valkey-server where there is none; undefined where neither is. */
export async function findRedisProgram(path = process.env['PATH'] ?? ''): Promise<string | undefined> {
  return (await findRedisPrograms(path))[0]
}

/** Gives the paths of redis-server and of valkey-server, of those that are there. */
export async function findRedisPrograms(path = process.env['PATH'] ?? ''): Promise<string[]> {
  const folders = [...path.split(delimiter), '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'].filter(Boolean)
  // By what they are, since Valkey may go by the name of Redis as well.
  const found = new Map<string, string>()
  for (const program of ['redis-server', 'valkey-server']) {
    const candidate = await findFirst(folders.map((folder) => join(folder, program)))
    if (candidate === undefined) continue
    const real = await realpath(candidate)
    if (!found.has(real)) found.set(real, candidate)
  }
  return [...found.values()]
}

async function findFirst(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    const isThere = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return candidate
  }
  return undefined
}
