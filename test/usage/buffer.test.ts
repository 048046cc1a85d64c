import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { createUsageBuffer } from '@momentry/shared/usage/buffer.ts'
import type { UsageEvent } from '@momentry/shared/usage/event.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPrivateRedis } from '../support/servers/private-servers.ts'
import type { TestServer } from '../support/servers/test-server.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

let redis: TestServer
let stores: TestStores
let bench: Workbench
beforeAll(async () => {
  redis = await startPrivateRedis()
  stores = await createTestStores()
  bench = await createWorkbench({ ...stores.env, REDIS_URL: redis.url })
})
afterAll(async () => {
  await bench.close()
  await stores.close()
  await redis.close()
})

const log = createLogger({ name: 'test', level: 'silent' })
const event = (keyId: string): UsageEvent => ({
  keyId,
  at: Date.now(),
  ip: undefined,
  status: 200,
  latencyMs: undefined,
})
const onStream = async (keyId: string) => (await bench.readUsage(keyId)).entries.length

describe('the buffer of validations', () => {
  it('sends each event once, those too that are recorded while it sends and while it is closed', async () => {
    const keyId = await bench.insertKey('buffered')
    const buffer = createUsageBuffer({ append: bench.append, log })
    for (let round = 0; round < 50; round += 1) {
      for (let index = 0; index < 60; index += 1) buffer.record(event(keyId))
      await new Promise(setImmediate)
    }
    const closed = buffer.close()
    buffer.record(event(keyId))
    await closed
    expect(buffer.pending()).toBe(0)
    expect(await onStream(keyId)).toBe(3001)
  })

  it('holds what fits while Redis is away, counts what does not, and sends each once when it is back', async () => {
    const keyId = await bench.insertKey('outage')
    const buffer = createUsageBuffer({ append: bench.append, log, capacity: 100 })
    await redis.stop()
    for (let index = 0; index < 130; index += 1) buffer.record(event(keyId))
    expect(buffer.pending()).toBe(100)
    expect(buffer.dropped()).toBe(30)
    await redis.start()
    await untilHolds(() => expect(buffer.pending()).toBe(0))
    expect(await onStream(keyId)).toBe(100)
    await buffer.close()
  })

  it('closes in time while Redis is away', async () => {
    const buffer = createUsageBuffer({ append: bench.append, log })
    await redis.stop()
    buffer.record(event(await bench.insertKey('lost')))
    await buffer.close()
    expect(buffer.pending()).toBe(1)
    await redis.start()
  })
})
