import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** Gives the path of redis-server, or of valkey-server, whichever is on the path first; undefined where neither is. */
export async function findRedisProgram(path = process.env['PATH'] ?? ''): Promise<string | undefined> {
  const folders = [...path.split(delimiter), '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'].filter(Boolean)
  for (const program of ['redis-server', 'valkey-server'])
    for (const folder of folders) {
      const candidate = join(folder, program)
      const found = await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
      if (found) return candidate
    }
  return undefined
}
