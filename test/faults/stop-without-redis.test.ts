import { expect, it } from 'vitest'
import { startProcess } from '../support/processes/processes.ts'
import { startPrivateRedis } from '../support/servers/private-servers.ts'
import { createTestStores } from '../support/stores.ts'

it.each(['api', 'worker', 'alerter'] as const)(
  'the %s starts, works on and drains while Redis is away',
  async (app) => {
    const stores = await createTestStores()
    const redis = await startPrivateRedis()
    await redis.stop()
    const env = { ...stores.env, REDIS_URL: redis.url }
    const early = await startProcess(app, env)
    const earlyCode = await early.stop()
    expect(earlyCode, early.output()).toBe(0)

    await redis.start()
    const process = await startProcess(app, env)
    await redis.kill()
    const code = await process.stop()
    expect(code, process.output()).toBe(0)
    expect(process.output()).toContain('stopped')
    await redis.close()
    await stores.close()
  },
)
