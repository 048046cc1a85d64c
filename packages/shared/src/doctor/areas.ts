import { firstKeptMonth, readBalance } from './balance.ts'
import { judgeBalance } from './books/judge.ts'
import { judgeAudit } from './care/judge-audit.ts'
import { judgeBackups } from './care/judge-backups.ts'
import { readAudit } from './care/read-audit.ts'
import { readBackups } from './care/read-backups.ts'
import type { DoctorDeps } from './deps.ts'
import type { Finding } from './finding.ts'
import { judgeClocks } from './stores/judge-clocks.ts'
import { judgePostgres } from './stores/judge-postgres.ts'
import { judgeRedis } from './stores/judge-redis.ts'
import { judgeSchema } from './stores/judge-schema.ts'
import { readClocks } from './stores/read-clocks.ts'
import { readPostgres } from './stores/read-postgres.ts'
import { readRedis } from './stores/read-redis.ts'
import { readSchema } from './stores/read-schema.ts'
import { judgeStreams } from './streams/judge.ts'
import { readStreams } from './streams/read.ts'
import { judgeQueues } from './work/judge-queues.ts'
import { judgeRows } from './work/judge-rows.ts'
import { readQueues } from './work/read-queues.ts'
import { readRows } from './work/read-rows.ts'

export type StoreName = 'postgres' | 'redis'

/** What is looked at together: read first, and then judged by rules alone. */
export interface Area {
  name: string
  needs: readonly StoreName[]
  look(deps: DoctorDeps): Promise<Finding[]>
}

/** Of usage that is compared unless all of it is to be: this month and the one before. */
const usualDays = 62

export const areas: readonly Area[] = [
  {
    name: 'postgres',
    needs: ['postgres'],
    look: async ({ postgres, statementTimeoutMs }) =>
      judgePostgres(await readPostgres(postgres.pool), statementTimeoutMs),
  },
  {
    name: 'schema',
    needs: ['postgres'],
    look: async ({ postgres, now }) => judgeSchema(await readSchema(postgres.pool), now()),
  },
  { name: 'redis', needs: ['redis'], look: async ({ redis }) => (await readRedis(redis)).flatMap(judgeRedis) },
  {
    name: 'clock',
    needs: ['postgres', 'redis'],
    look: async ({ postgres, redis, now }) => judgeClocks(await readClocks({ pool: postgres.pool, redis, now })),
  },
  {
    name: 'streams',
    needs: ['redis'],
    look: async ({ redis, names, config }) => {
      const { partitions } = config.usage
      return judgeStreams(await readStreams(redis, names, partitions), partitions)
    },
  },
  {
    name: 'queues',
    needs: ['redis'],
    look: async ({ createRedis, names, now, config }) =>
      judgeQueues(await readQueues({ createRedis, names }), now(), config.backup.schedule !== undefined),
  },
  { name: 'work', needs: ['postgres'], look: async ({ postgres }) => judgeRows(await readRows(postgres.pool)) },
  { name: 'balance', needs: ['postgres', 'redis'], look: lookAtBalance },
  {
    name: 'audit',
    needs: ['postgres'],
    look: async ({ postgres, masterKeys, deep }) =>
      masterKeys ? [judgeAudit(await readAudit(postgres, masterKeys, { deep }))] : [withoutKey('audit.log')],
  },
  {
    name: 'backups',
    needs: ['postgres'],
    look: async ({ postgres, masterKeys, config, now }) => {
      if (!masterKeys) return [withoutKey('backups.newest')]
      const reading = await readBackups({ pool: postgres.pool, config: config.backup, masterKeys })
      return judgeBackups(reading, config.backup.schedule, now())
    },
  },
]

async function lookAtBalance({ postgres, redis, names, config, now, deep }: DoctorDeps): Promise<Finding[]> {
  const days = deep ? config.retention.usage : Math.min(usualDays, config.retention.usage)
  const agreed = await redis.get(names.partitionCount)
  const partitions = agreed === null ? config.usage.partitions : Number(agreed)
  const from = firstKeptMonth(now(), days)
  return judgeBalance(await readBalance({ pool: postgres.pool, redis, names, partitions, from }))
}

function withoutKey(check: string): Finding {
  return { check, level: 'information', figure: 'not looked at: there is no master key here (MOMENTRY_MASTER_KEY)' }
}
