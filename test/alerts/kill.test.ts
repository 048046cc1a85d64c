import { createAlertSender } from '@momentry/shared/alerts/send.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeAlert } from '../support/alerts.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { createWorkbench, partitions, type Workbench } from '../support/workbench.ts'

/*
 * Decision 15: an alert is in the log once, with the messages to sinks that follow from it, and at least once on the
 * channel, whatever alerter dies between the one and the other.
 */
let stores: TestStores
let bench: Workbench
let toRedis: TcpProxy
const alerters: TestProcess[] = []

const start = async (env: Record<string, string> = {}) => {
  const alerter = await startProcess('alerter', { ...stores.env, ...env })
  alerters.push(alerter)
  return alerter
}
const query = async (sql: string, values: unknown[] = []) => (await bench.postgres.pool.query(sql, values)).rows
const logged = () => query('SELECT seq::int, alert_id AS id FROM alert_log ORDER BY seq')
const messages = async () =>
  (await query('SELECT unnest(alert_seqs)::int AS seq FROM alert_deliveries')).map((r) => r.seq)

beforeAll(async () => {
  stores = await createTestStores()
  bench = await createWorkbench(stores.env)
  // Its messages wait an hour for others, so that none is sent here.
  await query(
    `INSERT INTO alert_sinks (id, name, kind, target, routing, group_seconds, state, created_at, updated_at)
     VALUES (gen_random_uuid(), 'people', 'email', '{"kind":"email","to":["a@example.com"]}',
       '{"minSeverity":"low","types":[],"rules":[],"owners":[]}', 3600, 'active', now(), now())`,
  )
  toRedis = await startTcpProxy(Number(new URL(stores.redisUrl).port))
})
afterAll(async () => {
  await Promise.all(alerters.map((alerter) => alerter.stop()))
  await toRedis.close()
  await bench.close()
  await stores.close()
})

it('an alerter that is killed after it logged an alert and before it published it', async () => {
  const send = createAlertSender({ redis: bench.redis, names: bench.names, partitions })
  const redis = new URL(stores.redisUrl)
  redis.port = String(toRedis.port)
  const doomed = await start({ REDIS_URL: redis.href })

  // The lock that recording takes: the alerter has read the entry by then, and waits.
  const holder = await bench.postgres.pool.connect()
  await holder.query('BEGIN; SELECT pg_advisory_xact_lock(7160396)')
  const alert = makeAlert()
  await send(alert)
  const waiting = () => query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
  await expect.poll(waiting).toHaveLength(1)
  toRedis.set({ kind: 'frozen' })
  await holder.query('COMMIT')
  holder.release()
  await expect.poll(logged).toEqual([{ seq: 1, id: alert.data.id }])
  doomed.kill('SIGKILL')
  await doomed.exited
  expect(bench.alerts).toEqual([])
  expect(await messages()).toEqual([1])

  await Promise.all([start(), start()])
  await expect.poll(() => bench.alerts).toEqual([alert])
  expect(await logged()).toEqual([{ seq: 1, id: alert.data.id }])
  expect(await messages()).toEqual([1])
})

it('two alerters at once give each alert one number, in the order in which they become visible', async () => {
  const send = createAlertSender({ redis: bench.redis, names: bench.names, partitions })
  const alerts = Array.from({ length: 60 }, () => makeAlert())
  await Promise.all(alerts.map(send))
  await expect.poll(() => bench.backlog()).toBe(0)
  const rows = await logged()
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 61 }, (_, index) => index + 1))
  expect(new Set(rows.map(({ id }) => id)).size).toBe(61)
  expect((await messages()).sort((a, b) => a - b)).toEqual(rows.map(({ seq }) => seq))
  await expect.poll(() => new Set(bench.alerts.map(({ data }) => data.id)).size).toBe(61)
})

it('a silence keeps an alert from sinks, and from nothing else', async () => {
  const send = createAlertSender({ redis: bench.redis, names: bench.names, partitions })
  const silenced = makeAlert({ rule: 'unusual_time' })
  await query(
    `INSERT INTO alert_silences (id, key_id, rule, starts_at, ends_at, created_at)
     VALUES (gen_random_uuid(), $1, 'unusual_time', now(), now() + interval '1 hour', now())`,
    [silenced.data.keyId],
  )
  const told = (await messages()).length
  await send(silenced)
  await expect.poll(() => bench.alerts.some(({ data }) => data.id === silenced.data.id)).toBe(true)
  expect((await logged()).at(-1)?.id).toBe(silenced.data.id)
  expect((await messages()).length).toBe(told)
})
