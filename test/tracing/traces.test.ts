import { fileURLToPath } from 'node:url'
import { subjectOf } from '@momentry/shared/alerts/alert.ts'
import { encodeEntry } from '@momentry/shared/usage/entry.ts'
import { partitionOf } from '@momentry/shared/usage/partition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Call, createClient, makeKey } from '../api/client.ts'
import { type BootstrapKey, createBootstrapKey } from '../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { createWorkbench, partitions, type Workbench } from '../support/workbench.ts'
import { type ReceivedSpan, type Receiver, startReceiver } from './receiver.ts'

const reportLoaded = fileURLToPath(new URL('./report-loaded.mjs', import.meta.url))

let stores: TestStores
let bench: Workbench
let receiver: Receiver
let root: BootstrapKey
let processes: TestProcess[]
let call: Call

beforeAll(async () => {
  stores = await createTestStores()
  bench = await createWorkbench(stores.env)
  receiver = await startReceiver()
  root = await createBootstrapKey(stores.databaseUrl)
  const env = {
    ...stores.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-receiver',
  }
  processes = await Promise.all([startProcess('api', env), startProcess('worker', env), startProcess('alerter', env)])
  call = createClient(processes[0]?.url, root.key)
})

afterAll(async () => {
  const codes = await Promise.all(processes.map((process) => process.stop()))
  await bench.close()
  await stores.close()
  await receiver.close()
  expect(codes).toEqual([0, 0, 0])
})

const traceOf = (digit: string) => digit.repeat(32)
const headersOf = (traceId: string, flags = '01') => ({ traceparent: `00-${traceId}-00f067aa0ba902b7-${flags}` })
const spansOf = (traceId: string) => receiver.spans.filter((span) => span.traceId === traceId)
const find = (spans: readonly ReceivedSpan[], name: string) => spans.find((span) => span.name === name)
const storm = (keyId: string, count = 1000) => ({
  events: Array.from({ length: count }, (_, index) => ({
    keyId,
    ip: '192.0.2.1',
    status: index % 2 === 0 ? 500 : 200,
  })),
})

describe('a storm', () => {
  it('is one trace from the request to the alert', async () => {
    const { id } = await makeKey(call)
    const traceId = traceOf('a')
    const report = () => call('POST', '/v1/usage', { body: storm(id), headers: headersOf(traceId) })
    expect((await report()).status).toBe(202)
    expect((await report()).status).toBe(202)
    await expect.poll(() => bench.alerts.some((alert) => subjectOf(alert) === id)).toBe(true)
    const names = ['POST /v1/usage', 'usage fold', 'finding deliver']
    await expect.poll(() => spansOf(traceId).map(({ name }) => name)).toEqual(expect.arrayContaining(names))

    const spans = spansOf(traceId)
    const [request, fold, deliver] = names.map((name) => find(spans, name))
    expect([request?.service, fold?.service, deliver?.service]).toEqual([
      'momentry-api',
      'momentry-worker',
      'momentry-alerter',
    ])
    expect(request?.parentSpanId).toBe('00f067aa0ba902b7')
    const ids = new Set(spans.map(({ spanId }) => spanId))
    expect([fold, deliver].map((span) => ids.has(span?.parentSpanId ?? ''))).toEqual([true, true])
    expect(receiver.headers.at(0)?.authorization).toBe('Bearer of-the-receiver')
  })

  it('of many traces is one batch with links, and what is found belongs to the trace of its own key', async () => {
    const calm = await bench.insertKey('calm')
    const partition = partitionOf(calm, partitions)
    let busy = await bench.insertKey('busy')
    while (partitionOf(busy, partitions) !== partition) busy = await bench.insertKey('busy')
    const entry = (keyId: string, count: number) => {
      const event = { keyId, at: Date.now(), ip: '192.0.2.1', status: 200, latencyMs: undefined }
      return encodeEntry(Array.from({ length: count }, () => event))
    }
    const stream = bench.names.usageStream(partition)
    // In one transaction, so that they are read as one batch.
    await bench.redis
      .multi()
      .xadd(stream, '*', 'batch', entry(calm, 1), 'trace', headersOf(traceOf('b')).traceparent)
      .xadd(stream, '*', 'batch', entry(busy, 1001), 'trace', headersOf(traceOf('c')).traceparent)
      .xadd(stream, '*', 'batch', entry(calm, 1), 'trace', 'no traceparent')
      .exec()
    await expect.poll(() => spansOf(traceOf('c')).map(({ name }) => name)).toEqual(['finding deliver'])
    await expect
      .poll(() => spansOf(traceOf('b')))
      .toMatchObject([{ name: 'usage fold', links: [{ traceId: traceOf('c'), spanId: '00f067aa0ba902b7' }] }])
  })

  it('of validations carries the trace too', async () => {
    const { id, key } = await makeKey(call, { policy: {} })
    const headers = headersOf(traceOf('d'))
    expect((await call('POST', '/v1/keys/validate', { body: { key }, headers })).body).toMatchObject({ keyId: id })
    await expect.poll(() => find(spansOf(traceOf('d')), 'usage fold')).toBeDefined()
  })

  it('that its caller does not keep, is not kept here', async () => {
    const { id } = await makeKey(call)
    await call('POST', '/v1/usage', { body: storm(id, 2), headers: headersOf(traceOf('e'), '00') })
    await call('POST', '/v1/usage', { body: storm(id, 2), headers: headersOf(traceOf('f')) })
    await expect.poll(() => find(spansOf(traceOf('f')), 'usage fold')).toBeDefined()
    expect(spansOf(traceOf('e'))).toEqual([])
  })
})

describe('a rotation', () => {
  it('is in the trace of the request that asked for it, and so is its alert', async () => {
    const { id } = await makeKey(call)
    const traceId = traceOf('7')
    const body = { reason: 'a test' }
    expect((await call('POST', `/v1/keys/${id}/rotate`, { body, headers: headersOf(traceId) })).status).toBe(202)
    const names = ['POST /v1/keys/{id}/rotate', 'rotations work', 'alert deliver']
    await expect
      .poll(() => spansOf(traceId).map(({ name }) => name.replace(':id', '{id}')))
      .toEqual(expect.arrayContaining(names))
  })
})

describe('a receiver', () => {
  it('that refuses harms nobody, and gets what comes once it takes again', async () => {
    const { id } = await makeKey(call)
    receiver.answer(400)
    await call('POST', '/v1/usage', { body: storm(id, 2), headers: headersOf(traceOf('1')) })
    await expect.poll(() => processes[0]?.output()).toContain('traces could not be sent')
    receiver.answer(200)
    await call('POST', '/v1/usage', { body: storm(id, 2), headers: headersOf(traceOf('2')) })
    await expect.poll(() => find(spansOf(traceOf('2')), 'usage fold')).toBeDefined()
    await expect.poll(() => processes[0]?.output()).toContain('traces are taken again')
  })

  it('is never told of secrets, or of paths', async () => {
    const { key } = await makeKey(call)
    const traceId = traceOf('3')
    await call('GET', `/v1/nowhere/${key}?key=${key}`, { headers: headersOf(traceId) })
    await expect.poll(() => spansOf(traceId)).toHaveLength(1)
    expect(spansOf(traceId)[0]?.name).toBe('GET unmatched')
    expect(receiver.text()).not.toContain(key)
    expect(receiver.text()).not.toContain(root.key)
  })

  it('gets the last spans of a process that ends', async () => {
    const [api] = processes
    const traceId = traceOf('4')
    await call('GET', '/v1/keys', { headers: headersOf(traceId) })
    expect(await api?.stop()).toBe(0)
    expect(spansOf(traceId).map(({ name }) => name)).toEqual(['GET /v1/keys'])
  })
})

describe('without an endpoint', () => {
  it.each(['api', 'worker', 'alerter'] as const)('%s loads nothing of it and sends nothing', async (app) => {
    const quiet = await startProcess(app, { ...stores.env, NODE_OPTIONS: `--import=${reportLoaded}` })
    if (quiet.url) await createClient(quiet.url, root.key)('GET', '/v1/keys', { headers: headersOf(traceOf('5')) })
    expect(await quiet.stop()).toBe(0)
    expect(quiet.output()).toContain('modules are watched')
    expect(quiet.output()).not.toContain('loaded ')
    expect(spansOf(traceOf('5'))).toEqual([])
  })
})
