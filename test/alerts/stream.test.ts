import { recordAlert } from '@momentry/shared/alerts/record.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeAlert, tellAlert } from '../support/alerts.ts'
import { createBootstrapKey } from '../support/bootstrap-key.ts'
import { type EventStream, openEventStream } from '../support/event-stream.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

let stores: TestStores
let bench: Workbench
let toApi: TcpProxy
let toRedis: TcpProxy
let api: TestProcess
let key: string
beforeAll(async () => {
  stores = await createTestStores()
  bench = await createWorkbench(stores.env)
  const redis = new URL(stores.redisUrl)
  toRedis = await startTcpProxy(Number(redis.port))
  redis.port = String(toRedis.port)
  api = await startProcess('api', { ...stores.env, REDIS_URL: redis.href })
  toApi = await startTcpProxy(Number(new URL(api.url ?? '').port))
  key = (await createBootstrapKey(stores.databaseUrl)).key
})
afterAll(async () => {
  await api.stop()
  await Promise.all([toApi.close(), toRedis.close()])
  await bench.close()
  await stores.close()
})

const open = (lastEventId?: string) =>
  openEventStream(`http://127.0.0.1:${toApi.port}/v1/alerts/stream`, {
    key,
    ...(lastEventId !== undefined && { lastEventId }),
  })
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

it('gives a client whose connection is cut again and again in a storm each alert once, in order', async () => {
  const storm = 300
  let stream: EventStream = await open()
  await expect.poll(() => stream.events.length).toBe(1)
  const seen: number[] = []
  let lastEventId = stream.events[0]?.id ?? ''
  /** Takes what came whole, as a client does, and comes back with the last number. */
  const comeBack = async () => {
    toApi.cut()
    await stream.ended
    seen.push(...stream.seqs())
    lastEventId = stream.events.at(-1)?.id ?? lastEventId
    stream = await open(lastEventId)
  }
  const write = async () => {
    for (let n = 0; n < storm / 2; n += 1) await tellAlert(bench)
  }
  const writing = Promise.all([write(), write()])
  for (let cuts = 1; cuts <= 4; cuts += 1) {
    await expect.poll(() => seen.length + stream.seqs().length).toBeGreaterThan((cuts * storm) / 6)
    await comeBack()
  }
  await writing
  await expect.poll(() => seen.length + stream.seqs().length).toBeGreaterThanOrEqual(storm)
  await stream.cut()
  expect([...seen, ...stream.seqs()]).toEqual(upTo(storm))
})

it('replays all to one who was away, over many pages, and goes on live without a seam', async () => {
  const latest = await tellAlert(bench)
  const stream = await open('0')
  const next = await tellAlert(bench)
  await expect.poll(() => stream.seqs().at(-1)).toBe(next)
  const live = await tellAlert(bench)
  await expect.poll(() => stream.seqs().at(-1)).toBe(live)
  expect(stream.seqs()).toEqual(upTo(latest + 2))
  await stream.cut()
})

it('needs no bell: what is logged while Redis is away comes all the same', async () => {
  const stream = await open()
  await expect.poll(() => stream.events.length).toBe(1)
  toRedis.set({ kind: 'refuse' })
  toRedis.cut()
  const { seq } = await recordAlert({ db: bench.postgres.db, now: Date.now, route: async () => undefined }, makeAlert())
  await expect.poll(stream.seqs).toEqual([seq])
  toRedis.set({ kind: 'open' })
  await stream.cut()
})

it('goes on from the earlier number of a log that a restored backup has put back', async () => {
  const stream = await open()
  await expect.poll(() => stream.events.length).toBe(1)
  const last = await tellAlert(bench)
  await expect.poll(stream.seqs).toEqual([last])
  await bench.postgres.pool.query('DELETE FROM alert_log WHERE seq > 10')
  await expect
    .poll(
      async () => {
        await tellAlert(bench)
        return stream.seqs().some((seq) => seq < last)
      },
      { interval: 500 },
    )
    .toBe(true)
  await stream.cut()
})
