import type { Config } from '../config.ts'
import type { Clock } from '../platform/clock.ts'
import type { Postgres } from '../platform/postgres/client.ts'
import type { CreateRedis, RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'

/** What the checks look at things with. They only read. */
export interface DoctorDeps {
  config: Pick<Config, 'usage' | 'backup' | 'retention'>
  /** Its statements may run for as long as the config of the processes says, or longer. */
  postgres: Postgres
  /** Of that pool: to see whether it takes effect. */
  statementTimeoutMs: number
  redis: RedisClient
  createRedis: CreateRedis
  /** Why Redis is out of reach, where its connection said so: a command that fails only says that it is. */
  redisTrouble(): Error | undefined
  names: Names
  /** undefined: there is none here, and what needs it is left out. */
  masterKeys: readonly [string, ...string[]] | undefined
  now: Clock
  /** Looks at all of the audit log and of the usage that is kept, however long that takes. */
  deep: boolean
}
