import process from 'node:process'
import { apiKey } from '@better-auth/api-key'
import { serve } from '@hono/node-server'
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { Hono } from 'hono'
import { Redis } from 'ioredis'
import pg from 'pg'
import { z } from 'zod'

/**
 * A peer: better-auth's plugin for API keys behind Hono. `POST /verify {key}` answers what the plugin says of a key, and
 * `GET /keys` the keys, which it makes by itself before it is ready: one each for so many users.
 *
 * With Redis it is set up as it is fastest: keys in Redis alone, what a validation writes is written after the answer, and
 * commands of one tick share a pipeline. With PostgreSQL it is as it comes: a SELECT and two UPDATEs for each. Neither counts
 * or limits requests, since it would do more then.
 */
const env = z
  .object({
    BENCH_STORAGE: z.enum(['redis', 'postgres']),
    BENCH_KEYS: z.coerce.number(),
    DATABASE_URL: z.string(),
    REDIS_URL: z.string(),
    BENCH_PREFIX: z.string(),
  })
  .parse(process.env)

const pool = new pg.Pool({ connectionString: env.DATABASE_URL })
const redis = new Redis(env.REDIS_URL, { enableAutoPipelining: true, keyPrefix: `${env.BENCH_PREFIX}:` })

const inRedis = {
  get: (key: string) => redis.get(key),
  getAndDelete: (key: string) => redis.getdel(key),
  async set(key: string, value: string, ttl?: number) {
    await (ttl === undefined ? redis.set(key, value) : redis.set(key, value, 'EX', ttl))
  },
  async delete(key: string) {
    await redis.del(key)
  },
  async increment(key: string, ttl: number) {
    const count = await redis.incr(key)
    if (count === 1) await redis.expire(key, ttl)
    return count
  },
}

const common = { database: pool, secret: 'of-no-use-here-0123456789-abcdefghij', baseURL: 'http://127.0.0.1' }
const quiet = { telemetry: { enabled: false }, logger: { level: 'error' }, rateLimit: { enabled: false } } as const
const settings = {
  redis: {
    secondaryStorage: inRedis,
    advanced: { backgroundTasks: { handler: (task: Promise<unknown>) => void task } },
    plugins: [apiKey({ storage: 'secondary-storage', deferUpdates: true, rateLimit: { enabled: false } })],
  },
  postgres: { plugins: [apiKey({ rateLimit: { enabled: false } })] },
}
const auth = betterAuth({ ...common, ...quiet, ...settings[env.BENCH_STORAGE] } satisfies BetterAuthOptions)

await (await getMigrations(auth.options)).runMigrations()
const { internalAdapter } = await auth.$context
const keys: string[] = []
for (let n = 1; n <= env.BENCH_KEYS; n += 1) {
  const person = { name: `user ${n}`, email: `user-${n}@example.com` }
  const user = await internalAdapter.createUser(person, { method: 'email-password' })
  keys.push((await auth.api.createApiKey({ body: { userId: user.id, name: `key ${n}` } })).key)
}

const app = new Hono()
  .get('/keys', (c) => c.json(keys))
  .post('/verify', async (c) => c.json(await auth.api.verifyApiKey({ body: await c.req.json() })))
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${port}` }),
)
process.once('SIGTERM', () => {
  server.close()
  process.exit(0)
})
