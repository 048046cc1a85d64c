import { Cluster } from 'ioredis'
import type { RedisClient } from '../../platform/redis/client.ts'

/** What a server of Redis tells of itself, section by section, as it stands in INFO. */
export interface RedisReading {
  /** Where it is, where there are several. */
  node: string | undefined
  info: ReadonlyMap<string, string>
}

/** Reads INFO of the server, or of each master of a cluster. */
export async function readRedis(redis: RedisClient): Promise<RedisReading[]> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis]
  return Promise.all(
    nodes.map(async (node) => ({
      node: redis instanceof Cluster ? `${node.options.host}:${node.options.port}` : undefined,
      info: parseInfo(await node.info()),
    })),
  )
}

/** Lines of `name:value`, with headings that start with `#`. */
export function parseInfo(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':') && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}
