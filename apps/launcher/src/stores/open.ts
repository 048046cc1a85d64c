import type { EmbeddedOptions } from '@momentry/embedded/host/environment.ts'
import type { Server } from '@momentry/embedded/host/server.ts'
import { startPostgres } from '@momentry/embedded/postgres/start.ts'
import { startRedis } from '@momentry/embedded/redis/start.ts'
import type { Config } from '@momentry/shared/config.ts'
import { keepServer } from './keep-server.ts'
import type { Store } from './store.ts'

export interface OpenOptions {
  config: Pick<Config, 'databaseUrl' | 'redisUrl' | 'dataDir'>
  say(line: string): void
  warn(line: string): void
  /** Is called each time an embedded one was started again. */
  onRestart(): void
}

/** Gives the PostgreSQL of DATABASE_URL, or starts an embedded one. */
export function openPostgres(options: OpenOptions): Promise<Store> {
  return open('PostgreSQL', options.config.databaseUrl, startPostgres, options)
}

/** Gives the Redis of REDIS_URL, or starts an embedded one. */
export function openRedis(options: OpenOptions): Promise<Store> {
  return open('Redis', options.config.redisUrl, startRedis, options)
}

async function open(
  name: string,
  url: string | undefined,
  start: (options: EmbeddedOptions) => Promise<Server>,
  { config, say, warn, onRestart }: OpenOptions,
): Promise<Store> {
  if (url !== undefined) return { url, pid: () => undefined, close: async () => {} }
  const startOn = (port?: number) => start({ dataDir: config.dataDir, port, tell: say })
  return keepServer({ name, start: startOn, warn, onRestart })
}
