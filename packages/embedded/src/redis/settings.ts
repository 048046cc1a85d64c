export interface RedisSettings {
  dir: string
  port: number
  password: string
  durable: boolean
}

/**
 * Gives the text of a Redis configuration: 127.0.0.1 only, a password, every write in the append-only file (synced each
 * second), and nothing ever evicted, since what is in there is not a cache.
 */
export function redisSettings({ dir, port, password, durable }: RedisSettings): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    'protected-mode yes',
    `requirepass ${password}`,
    'daemonize no',
    // The command line then keeps the path of this file, by which a later start knows the process as its own.
    'set-proc-title no',
    `dir "${dir}"`,
    `pidfile "${dir}/redis.pid"`,
    'loglevel notice',
    'maxmemory-policy noeviction',
    `appendonly ${durable ? 'yes' : 'no'}`,
    'appendfsync everysec',
    'save ""',
  ]
  return `${lines.join('\n')}\n`
}
