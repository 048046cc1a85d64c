import { type Alert, alertSchema } from '@momentry/shared/alerts/alert.ts'
import type { KeyPolicy } from '@momentry/shared/keys/fields/policy.ts'
import { apiKeys } from '@momentry/shared/keys/table.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createPostgres, type Postgres } from '@momentry/shared/platform/postgres/client.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis, createRedisFactory, type RedisClient, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { createNames, type Names } from '@momentry/shared/platform/redis/names.ts'
import { type AppendUsage, createUsageAppender } from '@momentry/shared/usage/append.ts'
import { decodeEntry } from '@momentry/shared/usage/entry.ts'
import type { UsageEvent } from '@momentry/shared/usage/event.ts'
import { partitionOf } from '@momentry/shared/usage/partition.ts'
import { drainRollUp } from '@momentry/shared/usage/roll-up/flush.ts'

/** The default of USAGE_PARTITIONS. */
export const partitions = 8

export interface Workbench {
  redis: RedisClient
  postgres: Postgres
  names: Names
  append: AppendUsage
  /** Makes a key's row, without a secret, and gives its id. */
  insertKey(name: string, policy?: KeyPolicy): Promise<string>
  /** Every (key, rule) of which there is a row, sorted, and every row's id. */
  anomalies(): Promise<{ id: string; keyId: string; rule: string; severity: string; endedAt: Date | null }[]>
  /** The sums in Postgres, once what waits in Redis has crossed. */
  totals(): Promise<{ requests: number; errors: number }>
  /** Entries on the usage and the anomaly streams that nobody has dealt with. */
  backlog(): Promise<number>
  /** The events of a key that are on its stream. */
  readUsage(keyId: string): Promise<{ entries: UsageEvent[] }>
  /** Every alert on the channel since this was made. */
  alerts: Alert[]
  /** The rules of the anomalies among them. */
  rulesTold(): string[]
  close(): Promise<void>
}

/** Direct access to the stores of a test, by the same code that the processes use. */
export async function createWorkbench(env: Record<string, string>): Promise<Workbench> {
  const log = createLogger({ name: 'test', level: 'silent' })
  const names = createNames(env['MOMENTRY_REDIS_PREFIX'] ?? '')
  const createRedis = createRedisFactory({ url: env['REDIS_URL'] ?? '', name: 'test', log })
  const postgres = createPostgres({ url: env['DATABASE_URL'] ?? '', poolSize: 4, applicationName: 'test', log })
  const redis = createRedis('command')
  const subscriber = createRedis('subscriber')
  await Promise.all([whenReady(redis), whenReady(subscriber)])
  const alerts: Alert[] = []
  subscriber.on('message', (_channel, message) => alerts.push(alertSchema.parse(JSON.parse(message))))
  await subscriber.subscribe(names.alertChannel)

  return {
    redis,
    postgres,
    names,
    alerts,
    rulesTold: () => alerts.flatMap(({ data }) => ('rule' in data ? [data.rule] : [])),
    append: createUsageAppender({ redis, names, partitions }),
    async insertKey(name, policy = {}) {
      const id = createId()
      const now = new Date()
      await postgres.db
        .insert(apiKeys)
        .values({ id, type: 'service', name, scopes: [], policy, createdAt: now, updatedAt: now })
      return id
    },
    async anomalies() {
      const { rows } = await postgres.pool.query(
        'SELECT id, key_id AS "keyId", rule, severity, ended_at AS "endedAt" FROM api_key_anomalies ORDER BY key_id, rule, id',
      )
      return rows
    },
    async totals() {
      for (let p = 0; p < partitions; p += 1) await drainRollUp({ redis, pool: postgres.pool, names }, p)
      const { rows } = await postgres.pool.query(
        'SELECT coalesce(sum(requests), 0)::int AS requests, coalesce(sum(errors), 0)::int AS errors FROM api_key_usage',
      )
      return rows[0]
    },
    async backlog() {
      const streams = Array.from({ length: partitions }, (_, p) => [
        names.usageStream(p),
        names.anomalyStream(p),
      ]).flat()
      const lengths = await Promise.all(streams.map((stream) => redis.xlen(stream)))
      return lengths.reduce((sum, length) => sum + length, 0)
    },
    async readUsage(keyId) {
      const stream = await redis.xrange(names.usageStream(partitionOf(keyId, partitions)), '-', '+')
      const entries = stream.flatMap(([, [, text = '']]) => decodeEntry(text))
      return { entries: entries.filter((event) => event.keyId === keyId) }
    },
    async close() {
      await Promise.all([closeRedis(redis), closeRedis(subscriber), postgres.close()])
    },
  }
}
