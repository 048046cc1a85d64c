import { type Finding, judgeAmount, judgeFact, ok } from '../finding.ts'
import type { RedisReading } from './read-redis.ts'

/** `SET … NX GET` came with it (docs/redis.md). */
const oldestVersion = [7, 0] as const
/** Shares of maxmemory, and of maxclients. */
const full = { warning: 0.8, failed: 0.95 }
const mebibyte = 2 ** 20

export function judgeRedis({ node, info }: RedisReading): Finding[] {
  const findings = [
    judgeVersion(info),
    judgeFact(
      'redis.role',
      info.get('role') !== 'slave',
      info.get('role') === 'slave' ? 'a replica' : 'takes writes',
      'REDIS_URL must lead to the server that takes writes',
    ),
    judgeFact(
      'redis.eviction',
      info.get('maxmemory_policy') === 'noeviction',
      info.get('maxmemory_policy') ?? 'unknown',
      'CONFIG SET maxmemory-policy noeviction, and in its file: what is evicted is usage that was accepted',
    ),
    judgeFact(
      'redis.append-only',
      info.get('aof_enabled') === '1',
      info.get('aof_enabled') === '1' ? 'on' : 'off',
      'CONFIG SET appendonly yes, and in its file: without it a crash loses what was accepted',
      'warning',
    ),
    judgePersistence(info),
    judgeMemory(info),
    judgeClients(info),
  ]
  return node === undefined ? findings : findings.map((found) => ({ ...found, figure: `${node}: ${found.figure}` }))
}

function judgeVersion(info: RedisReading['info']): Finding {
  const version = info.get('redis_version') ?? ''
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough = major > oldestVersion[0] || (major === oldestVersion[0] && minor >= oldestVersion[1])
  const valkey = info.get('valkey_version')
  const figure = valkey === undefined ? version : `Valkey ${valkey}`
  return judgeFact('redis.version', isNewEnough, figure, 'upgrade to Redis 7.0 or Valkey 7.2, or newer')
}

/** What was last written to disk, and how that went. */
function judgePersistence(info: RedisReading['info']): Finding {
  const check = 'redis.persistence'
  if (info.get('loading') === '1')
    return { check, level: 'failed', figure: 'it still loads its data', advice: 'wait until it has' }
  const writes = [
    ['aof_last_write_status', 'the append-only file'],
    ['aof_last_bgrewrite_status', 'its rewriting'],
    ['rdb_last_bgsave_status', 'the snapshot'],
  ] as const
  const failing = writes.filter(([field]) => (info.get(field) ?? 'ok') !== 'ok').map(([, what]) => what)
  return judgeFact(
    check,
    failing.length === 0,
    failing.length === 0 ? 'the last writes went well' : `fails to write ${failing.join(', ')}`,
    'look at its log, and at the room on its disk: it may refuse writes; after a full disk, BGREWRITEAOF before it restarts (docs/redis.md)',
  )
}

function judgeMemory(info: RedisReading['info']): Finding {
  const [used, most] = [Number(info.get('used_memory')), Number(info.get('maxmemory'))]
  const figure = `${Math.round(used / mebibyte)} MiB`
  if (!(most > 0)) return ok('redis.memory', `${figure} used, without a limit`)
  return judgeAmount(
    'redis.memory',
    used / most,
    full,
    `${figure} of ${Math.round(most / mebibyte)} MiB used`,
    'raise maxmemory: a full Redis takes no usage. docs/redis.md tells what grows',
  )
}

function judgeClients(info: RedisReading['info']): Finding {
  const [clients, most] = [Number(info.get('connected_clients')), Number(info.get('maxclients') ?? 0)]
  if (!(most > 0)) return ok('redis.clients', `${clients}`)
  return judgeAmount('redis.clients', clients / most, full, `${clients} of ${most}`, 'raise maxclients')
}
