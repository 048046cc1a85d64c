import { describe, expect, it } from 'vitest'
import type { Finding } from '../finding.ts'
import { judgeClocks } from './judge-clocks.ts'
import { judgePostgres } from './judge-postgres.ts'
import { judgeRedis } from './judge-redis.ts'
import { judgeSchema } from './judge-schema.ts'
import type { PostgresReading } from './read-postgres.ts'
import { parseInfo } from './read-redis.ts'
import type { PartedTable, SchemaReading } from './read-schema.ts'

/** What is not as it should be, as `check level`. */
const bad = (findings: readonly Finding[]) =>
  findings.filter(({ level }) => level !== 'ok').map(({ check, level }) => `${check} ${level}`)

describe('judgePostgres', () => {
  const good: PostgresReading = {
    ...{ versionNumber: 180_001, version: '18.1', isReplica: false, statementTimeoutMs: 60_000, hasTrigrams: true },
    ...{ connections: 79, ownConnections: 40, maxConnections: 100 },
    ...{ oldestTransaction: { name: 'psql', seconds: 59 }, oldestStatement: undefined },
  }
  it('is content with a server as it should be', () => {
    expect(bad(judgePostgres(good, 60_000))).toEqual([])
    expect(bad(judgePostgres({ ...good, oldestTransaction: undefined }, 60_000))).toEqual([])
  })
  it.each<[Partial<PostgresReading>, string]>([
    [{ versionNumber: 140_011 }, 'postgres.version warning'],
    [{ isReplica: true }, 'postgres.role failed'],
    [{ hasTrigrams: false }, 'postgres.extension failed'],
    [{ connections: 80 }, 'postgres.connections warning'],
    [{ connections: 95 }, 'postgres.connections failed'],
    [{ oldestTransaction: { name: '', seconds: 60 } }, 'postgres.transactions warning'],
    [{ oldestTransaction: { name: '', seconds: 1_800 } }, 'postgres.transactions failed'],
    [{ statementTimeoutMs: 0 }, 'postgres.statement-timeout failed'],
    [{ oldestStatement: { name: 'momentry-api', seconds: 61 } }, 'postgres.statement-timeout warning'],
  ])('finds %o', (change, expected) => {
    expect(bad(judgePostgres({ ...good, ...change }, 60_000))).toEqual([expected])
  })
})

describe('judgeRedis', () => {
  const good = `# Server\r\nredis_version:7.0.15\r\n# Clients\r\nconnected_clients:10\r\nmaxclients:100\r\n# Memory\r
used_memory:790\r\nmaxmemory:1000\r\nmaxmemory_policy:noeviction\r\n# Persistence\r\nloading:0\r\naof_enabled:1\r
rdb_last_bgsave_status:ok\r\naof_last_write_status:ok\r\naof_last_bgrewrite_status:ok\r\n# Replication\r\nrole:master\r\n`
  const judge = (line = '', node?: string) => {
    const name = line.slice(0, line.indexOf(':') + 1)
    return judgeRedis({ node, info: parseInfo(good.replace(new RegExp(`${name}[^\\r]*`), line)) })
  }
  it('is content with a server as it should be, and with one without a limit', () => {
    expect(bad(judge())).toEqual([])
    expect(bad(judge('maxmemory:0'))).toEqual([])
  })
  it.each([
    ['redis_version:6.2.14', 'redis.version failed'],
    ['role:slave', 'redis.role failed'],
    ['maxmemory_policy:allkeys-lru', 'redis.eviction failed'],
    ['aof_enabled:0', 'redis.append-only warning'],
    ['loading:1', 'redis.persistence failed'],
    ['aof_last_write_status:err', 'redis.persistence failed'],
    ['rdb_last_bgsave_status:err', 'redis.persistence failed'],
    ['used_memory:800', 'redis.memory warning'],
    ['used_memory:950', 'redis.memory failed'],
    ['connected_clients:95', 'redis.clients failed'],
  ])('finds %s', (line, expected) => {
    expect(bad(judge(line))).toEqual([expected])
  })
  it('names the server where there are several', () => {
    expect(judge('', '10.0.0.1:6379').every(({ figure }) => figure.startsWith('10.0.0.1:6379: '))).toBe(true)
  })
})

describe('judgeClocks', () => {
  it.each([
    [999, 0, []],
    [1_400, 500, []],
    [1_000, 0, ['clock.redis warning']],
    [-1_000, 0, ['clock.redis warning']],
    [-10_000, 0, ['clock.redis failed']],
  ])('judges %d ms, give or take %d', (aheadMs, uncertainMs, expected) => {
    expect(bad(judgeClocks([{ of: 'Redis', aheadMs, uncertainMs }]))).toEqual(expected)
  })
})

describe('judgeSchema', () => {
  const now = Date.parse('2026-01-31T23:00:00Z')
  const month = (number: number) => ({
    from: new Date(Date.UTC(2026, number - 1)),
    to: new Date(Date.UTC(2026, number)),
  })
  const usage: PartedTable = { name: 'api_key_usage', hasDefault: true, partitions: [month(1), month(2)] }
  const good: SchemaReading = { known: [1, 2], applied: [1, 2], tables: [usage] }
  const audit: PartedTable = { name: 'api_key_audit_log', hasDefault: false, partitions: [] }
  it('is content with all migrations, and a place for what comes now and next', () => {
    expect(bad(judgeSchema(good, now))).toEqual([])
    expect(bad(judgeSchema({ ...good, tables: [audit] }, now))).toEqual([])
  })
  const table = 'schema.partitions.api_key_usage'
  it.each<[Partial<SchemaReading>, string]>([
    [{ applied: [1] }, 'schema.migrations failed'],
    [{ applied: [] }, 'schema.migrations failed'],
    [{ applied: [1, 2, 3] }, 'schema.version warning'],
    [{ tables: [{ ...usage, partitions: [month(1)] }] }, `${table} warning`],
    [{ tables: [{ ...usage, partitions: [month(1), month(3)] }] }, `${table} warning`],
    [{ tables: [{ ...usage, partitions: [month(2)] }] }, `${table} warning`],
    [{ tables: [{ ...usage, hasDefault: false, partitions: [] }] }, `${table} failed`],
  ])('finds %o', (change, expected) => {
    expect(bad(judgeSchema({ ...good, ...change }, now))).toEqual([expected])
  })
})
