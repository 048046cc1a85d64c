import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeKey } from '../../api/client.ts'
import { startPrivateRedis } from '../../support/servers/private-servers.ts'
import type { TestServer } from '../../support/servers/test-server.ts'
import { expectDone, expectTidy, queueCase, queueNew } from './cases.ts'
import { eventually, type Fleet, startFleet } from './fleet.ts'
import { holdAudit, waitingWorkers } from './locks.ts'

/* Rows are the queue's truth: what Redis forgets, or cannot be asked for, is worked on all the same, and once. */
let redis: TestServer
let f: Fleet
beforeAll(async () => {
  redis = await startPrivateRedis()
  f = await startFleet({ REDIS_URL: redis.url })
})
afterEach(() => f.stopWorkers())
afterAll(async () => {
  await f.close()
  await redis.close()
})

describe('a Redis that is emptied', () => {
  it('between request and work takes nothing away', async () => {
    const cases = [await queueNew(f, 'manual'), await queueNew(f, 'forced')]
    await f.bench.redis.flushall()
    await f.startWorker()
    for (const each of cases) await expectDone(f, each)
    await expectTidy(f)
  })

  it('while many rotations are on the queue takes none of them away', async () => {
    const cases = await Promise.all(Array.from({ length: 20 }, (_, n) => queueNew(f, n % 4 ? 'manual' : 'forced')))
    const release = await holdAudit(f.databaseUrl)
    await f.startWorker()
    // Those that it works on at a time; the others are known to Redis alone.
    await eventually(() => waitingWorkers(f.bench.postgres.pool)).toBe(8)
    await f.bench.redis.flushall()
    await release()
    for (const each of cases) await expectDone(f, each)
    await expectTidy(f)
  })
})

describe('a Redis that is stopped', () => {
  it('holds up no rotation, and everybody is told when it is back', async () => {
    await f.startWorker()
    const keys = [await makeKey(f.asRoot), await makeKey(f.asRoot)] as const
    for (const { key } of keys) expect(await f.validate(key)).toEqual(['VALID', 'VALID'])
    await redis.stop()

    const cases = [await queueCase(f, keys[0], 'manual'), await queueCase(f, keys[1], 'forced')]
    for (const { rotationId } of cases) await f.reached(rotationId, 'completed')
    // Nobody can be told: what is cached lives 5 s at the most (DESIGN.md section 4).
    await eventually(() => f.validate(keys[1].key)).toEqual(['ROTATED', 'ROTATED'])
    expect(await f.validate(keys[0].key)).toEqual(['VALID', 'VALID'])
    for (const { rotationId, jobId } of cases) {
      expect(await f.validate(await f.fetchSecret(rotationId))).toEqual(['VALID', 'VALID'])
      expect((await f.job(jobId)).state).not.toBe('failed')
    }

    await redis.start()
    for (const each of cases) await expectDone(f, each)
    await expectTidy(f)
  })
})

describe('a Redis that hangs', () => {
  it('holds a forced rotation up no longer than the few that are worked on already', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => makeKey(f.asRoot)))
    const urgent = await makeKey(f.asRoot)
    expect(await f.validate(urgent.key)).toEqual(['VALID', 'VALID'])
    await f.startWorker()
    // It answers nothing and closes no connection, so each command waits until its time is up.
    await f.bench.redis.call('CLIENT', 'PAUSE', '300000', 'ALL')
    const cases = await Promise.all(keys.map((key) => queueCase(f, key, 'manual')))
    const states = async () =>
      new Set((await Promise.all(cases.map(({ rotationId }) => f.read(rotationId)))).map(({ state }) => state))
    await eventually(states).toContain('completed')
    const forced = await queueCase(f, urgent, 'forced')
    await f.reached(forced.rotationId, 'completed')
    expect(await states()).toContain('queued')
    await eventually(() => f.validate(urgent.key)).toEqual(['ROTATED', 'ROTATED'])

    await redis.kill()
    await redis.start()
    for (const each of [forced, ...cases]) await expectDone(f, each)
    await expectTidy(f)
  })
})
