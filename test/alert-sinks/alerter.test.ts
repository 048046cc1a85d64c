import { alertSinks } from '@momentry/shared/alert-sinks/table.ts'
import { createAlertSender } from '@momentry/shared/alerts/send.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { partitions } from '../support/workbench.ts'
import { openPostOffice, type PostOffice } from './post-office.ts'
import { anomalyAlert } from './senders/messages.ts'

let t: PostOffice
let alerters: TestProcess[] = []
beforeAll(async () => {
  t = await openPostOffice()
  t.setTime(Date.now())
})
afterAll(async () => {
  await Promise.all(alerters.map((alerter) => alerter.stop()))
  await t.close()
})

async function startAlerters(count: number) {
  const env = { ...t.env, ALERT_SINK_HOSTS: new URL(t.receiver.url).host, METRICS_PORT: '0' }
  const started = await Promise.all(Array.from({ length: count }, () => startProcess('alerter', env)))
  alerters.push(...started)
  return started
}
const send = (alert: ReturnType<typeof anomalyAlert>) =>
  createAlertSender({ redis: t.bench.redis, names: t.bench.names, partitions })(alert)
const idsOf = (requests: PostOffice['receiver']['requests']) =>
  requests.map(({ headers }) => `${headers['webhook-id']}`)

it('tells sinks of what is on the stream; two alerters send each message once', async () => {
  await startAlerters(2)
  const sinks = await Promise.all([t.addSink(), t.addSink(), t.addSink()])
  const alerts = Array.from({ length: 12 }, () => anomalyAlert())
  await Promise.all(alerts.map(send))
  await expect.poll(() => t.receiver.requests.length).toBe(36)
  expect(new Set(idsOf(t.receiver.requests)).size).toBe(36)
  await expect
    .poll(async () => (await Promise.all(sinks.map(({ id }) => t.deliveries(id)))).flat().map(({ state }) => state))
    .toEqual(Array.from({ length: 36 }, () => 'delivered'))
  await t.context.db.delete(alertSinks)
})

it('sends again, by the same id, what a killed alerter had begun', async () => {
  const { id } = await t.addSink()
  const before = t.receiver.requests.length
  t.receiver.inject({ kind: 'hang' })
  await send(anomalyAlert())
  await expect.poll(() => t.receiver.requests.length).toBe(before + 1)
  for (const alerter of alerters) alerter.kill('SIGKILL')
  await Promise.all(alerters.map(({ exited }) => exited))
  alerters = []
  expect(await t.deliveries(id)).toMatchObject([{ state: 'waiting', attempts: 1 }])
  // As if a minute had gone by: the lease of the dead one ends.
  await t.bench.postgres.pool.query("UPDATE alert_deliveries SET leased_until = now() - interval '1 second'")
  await startAlerters(1)
  await expect.poll(async () => (await t.deliveries(id))[0]?.state).toBe('delivered')
  const [first, second, ...others] = idsOf(t.receiver.requests).slice(before)
  expect(second).toBe(first)
  expect(others).toEqual([])
})

it('holds nobody up for a slow receiver, gives back at its end what takes too long, and loses nothing', async () => {
  const slow = await t.addSink({ target: { kind: 'webhook', url: `${t.receiver.url}/slow` } })
  const quick = await t.addSink()
  t.receiver.inject({ kind: 'hang' }, { path: /slow/ })
  const stateOf = async (id: string) => (await t.deliveries(id)).at(-1)?.state
  await send(anomalyAlert())
  await expect.poll(() => t.receiver.requests.some(({ path }) => path === '/slow')).toBe(true)
  await expect.poll(() => stateOf(quick.id)).toBe('delivered')
  const [alerter] = alerters
  alerters = []
  expect(await alerter?.stop()).toBe(0)
  expect(await t.deliveries(slow.id)).toMatchObject([{ state: 'waiting', attempts: 0, leasedUntil: null }])
  await startAlerters(1)
  await expect.poll(() => stateOf(slow.id)).toBe('delivered')
})
