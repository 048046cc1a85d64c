import { makeMonths, monthAfter } from '@momentry/shared/usage/months/make.ts'
import { partitionOf } from '@momentry/shared/usage/partition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Call, createClient, makeKey } from '../api/client.ts'
import { callCli } from '../cli/support/call-cli.ts'
import { createInstallation, type Installation } from '../cli/support/installation.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { startPrivateRedis } from '../support/servers/private-servers.ts'
import type { TestServer } from '../support/servers/test-server.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createWorkbench, partitions, type Workbench } from '../support/workbench.ts'
import { examineStores } from './examine-stores.ts'

const long = { interval: 100 }

let server: TestServer
let t: Installation
let worker: TestProcess
let call: Call
let bench: Workbench
let keyId: string
/** Of a worker, with the data directory. */
let doctorEnv: Record<string, string>
beforeAll(async () => {
  server = await startPrivateRedis()
  t = await createInstallation(['alerter'], { REDIS_URL: server.url, BACKUP_SCHEDULE: '0 2 1 1 *' })
  const { env } = t.stores
  worker = await startProcess('worker', env)
  call = createClient(t.url, t.secret)
  bench = await createWorkbench(env)
  doctorEnv = { ...env, ...t.cliEnv }
  keyId = (await makeKey(call)).id
  expect((await report(40)).status).toBe(202)
  await untilHolds(async () => expect(await figureOf('balance.summed')).toContain('40 carried to Postgres'))
  await untilHolds(async () => expect(await bad()).toEqual([]))
})
afterAll(async () => {
  await bench.close()
  await worker.stop()
  await t.close()
  await server.close()
})

const report = (count: number) => {
  const events = Array.from({ length: count }, () => ({ keyId, status: 200, ip: '192.0.2.7' }))
  return call('POST', '/v1/usage', { body: { events } })
}
const figureOf = async (name: string) => (await examineStores(doctorEnv)).find(({ check }) => check === name)?.figure
/** What is not as it should be, as `check level`. */
const bad = async () =>
  (await examineStores(doctorEnv)).flatMap(({ check, level }) => (level === 'ok' ? [] : [`${check} ${level}`]))
const sql = (text: string) => bench.postgres.pool.query(text)
const answerSchema = z.object({
  ...{ ok: z.int(), information: z.int(), warning: z.int(), failed: z.int() },
  findings: z.array(
    z.object({ check: z.string(), level: z.string(), figure: z.string(), advice: z.string().optional() }),
  ),
})
const doctor = async (...options: string[]) => {
  const { code, stdout, stderr } = await callCli(['doctor', '--json', ...options], doctorEnv)
  return { code, stderr, ...answerSchema.parse(JSON.parse(stdout)) }
}

it('finds nothing wrong where all is well, and the books balance to the event', async () => {
  const { findings, ...told } = await doctor('--strict', '--deep')
  expect(told).toEqual({ code: 0, stderr: '', ok: findings.length, information: 0, warning: 0, failed: 0 })
  const figures = Object.fromEntries(findings.map(({ check, figure }) => [check, figure]))
  expect(figures).toMatchObject({
    'balance.folded': '40 accepted = 40 folded + 0 waiting',
    'balance.summed': '40 folded = 40 carried to Postgres + 0 on the way',
    'balance.database': '40 in 1 month, as many as crossed',
    'streams.workers': '1',
    'streams.alerters': '1',
  })
})

describe('what is broken is found, each by its own check, and well again once it is mended', () => {
  const { names, redis } = { names: () => bench.names, redis: () => bench.redis }
  const hour = `interval '1 hour'`
  const books = () => names().usageBooks(partitionOf(keyId, partitions))
  const change = (field: string, by: number) => () => redis().hincrby(books(), field, by)
  const missing = '019a2b3c-0000-7000-8000-000000000001'

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>, string[]]>([
    [
      'a dead letter',
      () => redis().xadd(names().usageDead(3), '*', 'batch', '{', 'why', 'unreadable'),
      () => redis().del(names().usageDead(3)),
      ['streams.usage.dead-letters failed'],
    ],
    [
      'a Redis that evicts',
      () => redis().config('SET', 'maxmemory-policy', 'allkeys-lru'),
      () => redis().config('SET', 'maxmemory-policy', 'noeviction'),
      ['redis.eviction failed'],
    ],
    [
      'a migration that is missing',
      () => sql('UPDATE drizzle.__drizzle_migrations SET created_at = -created_at WHERE id = 6'),
      () => sql('UPDATE drizzle.__drizzle_migrations SET created_at = -created_at WHERE id = 6'),
      ['schema.migrations failed', 'schema.version warning'],
    ],
    [
      'a month that is missing',
      () => sql(`DROP TABLE api_key_usage_${monthAfter(Date.now(), 1).replaceAll('-', '').slice(0, 6)}`),
      () => makeMonths(bench.postgres.db, Date.now()),
      ['schema.partitions.api_key_usage warning'],
    ],
    ['an accepted event that is nowhere', change('accepted', 1), change('accepted', -1), ['balance.folded failed']],
    [
      'an entry that was folded twice',
      change('folded', 3),
      change('folded', -3),
      ['balance.folded failed', 'balance.summed failed'],
    ],
    [
      'usage that is gone from Postgres',
      () => sql('UPDATE api_key_usage SET requests = requests - 1'),
      () => sql('UPDATE api_key_usage SET requests = requests + 1'),
      ['balance.database failed'],
    ],
    [
      'a rotation without a job',
      () =>
        sql(`INSERT INTO api_key_rotations (id, key_id, job_id, kind, state, created_at, updated_at)
          VALUES ('${missing}', '${keyId}', '${missing}', 'manual', 'queued', now(), now())`),
      () => sql(`DELETE FROM api_key_rotations WHERE id = '${missing}'`),
      ['work.rotations failed'],
    ],
    [
      'a job that stands still',
      () =>
        sql(`INSERT INTO jobs (id, queue, name, state, data, attempts, max_attempts, created_at, started_at, updated_at)
          VALUES ('${missing}', 'rotations', 'x', 'running', '{}', 1, 1, now() - ${hour}, now() - ${hour}, now() - ${hour})`),
      () => sql(`DELETE FROM jobs WHERE id = '${missing}'`),
      ['work.jobs warning'],
    ],
  ])('%s', async (_, breakIt, mend, expected) => {
    await breakIt()
    expect(await bad()).toEqual(expected)
    await mend()
    await expect.poll(bad, long).toEqual([])
  })
})

it('finds that no worker runs, and what waits for one', async () => {
  await worker.stop()
  expect((await report(5)).status).toBe(202)
  expect(await bad()).toEqual(['streams.workers failed'])
  const findings = await examineStores(doctorEnv)
  expect(findings.find(({ check }) => check === 'balance.folded')).toMatchObject({
    level: 'ok',
    figure: '45 accepted = 40 folded + 5 waiting',
  })
  worker = await startProcess('worker', t.stores.env)
  await expect.poll(bad, long).toEqual([])
})

it('says what it cannot look at, where a store is away, and still looks at the other', async () => {
  await server.stop()
  const { code, findings } = await doctor()
  expect(code).toBe(1)
  expect(findings.filter(({ level }) => level !== 'ok')).toMatchObject([
    { check: 'redis.reachable', level: 'failed', figure: expect.stringContaining('ECONNREFUSED') },
  ])
  expect(findings.map(({ check }) => check)).toContain('schema.migrations')
  await server.start()
})
