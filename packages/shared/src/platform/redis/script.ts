import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RedisClient } from './client.ts'

/** A Lua script as a function: keys (all of one slot), then arguments. */
export type Script = (
  redis: RedisClient,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
) => Promise<unknown>

/**
 * Loads a Lua script from a file beside the module that uses it, to be run by its SHA-1; a server that does not know it
 * (a new one, or one that was flushed) is sent the text once.
 * @param url `new URL('./name.lua', import.meta.url)`
 */
export function loadScript(url: URL): Script {
  const text = readFileSync(url, 'utf8')
  const sha = createHash('sha1').update(text).digest('hex')
  return async (redis, keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(text, keys.length, ...keys, ...args)
    }
  }
}
