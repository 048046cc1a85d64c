import type { Limiter } from '@momentry/shared/limits/limiter.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { monitorRedis } from '../support/servers/monitor-redis.ts'
import { startPrivateRedis } from '../support/servers/private-servers.ts'
import { burst, createLimiterBench, type LimiterBench, limitsOf } from './limiters.ts'

let bench: LimiterBench
let three: Limiter[]
beforeAll(async () => {
  bench = await createLimiterBench(inject('redisUrl'))
  three = await Promise.all([bench.create(), bench.create(), bench.create()])
})
afterAll(() => bench.close())

const window = (requests: number, windowSeconds = 600, name = 'burst') => ({ name, requests, windowSeconds })
const daily = (requests: number) => ({ requests, refill: 'daily' as const })

describe('windows', () => {
  it.each([1, 7, 100, 1000])('are exact within one process: %i of three times as many at once', async (requests) => {
    const limiter = await bench.create()
    const question = { keyId: createId(), limits: limitsOf({ rateLimits: [window(requests)] }) }
    expect(await burst([limiter], requests * 3, question)).toBe(requests)
    const refused = await limiter.take(question)
    expect(refused).toMatchObject({ refused: 'RATE_LIMITED', violated: ['burst'] })
    expect(refused.states).toMatchObject([{ name: 'burst', limit: requests, remaining: 0, windowSeconds: 600 }])
    expect(refused.retryAfterSeconds).toBeGreaterThan(590)
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(600)
  })

  it.each([10, 100, 1000])(
    'are never over, and used up, by three processes that all go on asking: %i',
    async (requests) => {
      const question = { keyId: createId(), limits: limitsOf({ rateLimits: [window(requests)] }) }
      expect(await burst(three, requests * 3, question)).toBe(requests)
    },
  )

  it('leave little unused where all but one process stop asking', async () => {
    const question = { keyId: createId(), limits: limitsOf({ rateLimits: [window(1000)] }) }
    const early = await burst(three, 300, question)
    const late = await burst(three.slice(0, 1), 3000, question)
    expect(early).toBe(300)
    expect(early + late).toBeLessThanOrEqual(1000)
    expect(early + late).toBeGreaterThan(800)
  })

  it('are all passed or none is spent', async () => {
    const limiter = await bench.create()
    const limits = limitsOf({ rateLimits: [window(3, 600, 'short'), window(100, 600, 'long')] })
    const question = { keyId: createId(), limits }
    expect(await burst([limiter], 50, question)).toBe(3)
    expect((await limiter.take(question)).states).toMatchObject([
      { name: 'short', remaining: 0 },
      { name: 'long', remaining: 97 },
    ])
  })

  it('begin anew when they end', async () => {
    const limiter = await bench.create()
    const question = { keyId: createId(), limits: limitsOf({ rateLimits: [window(5, 1)] }) }
    expect(await burst([limiter], 20, question)).toBe(5)
    await expect.poll(() => burst([limiter], 20, question)).toBe(5)
  })

  it('follow a policy that changes, and keep what was used', async () => {
    const limiter = await bench.create()
    const keyId = createId()
    const take = (requests: number) =>
      burst([limiter], 100, { keyId, limits: limitsOf({ rateLimits: [window(requests)] }) })
    expect(await take(10)).toBe(10)
    expect(await take(25)).toBe(15)
    expect(await take(20)).toBe(0)
  })

  it('ask Redis for few requests only', async () => {
    const limiter = await bench.create()
    const question = { keyId: createId(), limits: limitsOf({ rateLimits: [window(1000)] }) }
    const monitor = await monitorRedis(inject('redisUrl'))
    for (let n = 0; n < 1000; n++) expect((await limiter.take(question)).refused).toBeUndefined()
    for (let n = 0; n < 1000; n++) expect((await limiter.take(question)).refused).toBe('RATE_LIMITED')
    await bench.redis.get(`${question.keyId} is done`)
    const asked = () => monitor.lines().filter((line) => line.includes(question.keyId))
    await expect.poll(() => asked().some((line) => line.includes('is done'))).toBe(true)
    monitor.close()
    // A script's own commands are told with `lua` in place of an address.
    const trips = asked().filter((line) => /\] "eval/i.test(line)).length
    expect(trips).toBeGreaterThan(5)
    expect(trips).toBeLessThan(100)
  })

  it('forget everything where the key is told to begin anew', async () => {
    const question = { keyId: createId(), limits: limitsOf({ rateLimits: [window(10)] }) }
    expect(await burst(three, 30, question)).toBe(10)
    await bench.redis.del(bench.names.keyLimit(question.keyId, 'window:burst:600'))
    expect(await burst(three, 30, question)).toBe(0)
    for (const limiter of three) limiter.drop(question.keyId)
    expect(await burst(three, 30, question)).toBe(10)
  })
})

describe('a quota', () => {
  it('is exact over three processes at once, with windows and without', async () => {
    for (const rateLimits of [[], [window(1000)]]) {
      const question = { keyId: createId(), limits: limitsOf({ rateLimits, quota: daily(100) }) }
      expect(await burst(three, 300, question)).toBe(100)
      const refused = await three[0]?.take(question)
      expect(refused).toMatchObject({ refused: 'QUOTA_EXCEEDED', violated: ['quota'] })
      expect(refused?.states.at(-1)).toMatchObject({ name: 'quota', limit: 100, remaining: 0, windowSeconds: 86_400 })
    }
  })

  it('is not spent by what a rate limit refuses', async () => {
    const limits = limitsOf({ rateLimits: [window(5)], quota: daily(100) })
    const question = { keyId: createId(), limits }
    expect(await burst(three, 60, question)).toBe(5)
    const wider = { ...question, limits: limitsOf({ quota: daily(100) }) }
    expect((await three[0]?.take(wider))?.states).toMatchObject([{ name: 'quota', remaining: 94 }])
  })

  it('is spent once by a request that comes again under its id, which is let through again', async () => {
    const question = { keyId: createId(), limits: limitsOf({ quota: daily(2) }) }
    expect(await burst(three, 30, { ...question, requestId: 'a' })).toBe(30)
    expect(await burst(three, 30, { ...question, requestId: 'b' })).toBe(30)
    expect(await burst(three, 3, { ...question, requestId: 'c' })).toBe(0)
    expect(await burst(three, 3, { ...question, requestId: 'a' })).toBe(3)
    expect(await burst(three, 3, { ...question, keyId: createId(), requestId: 'a' })).toBe(3)
  })

  it('is full again when its period is over, whatever a slow clock says', async () => {
    let now = Date.UTC(2099, 0, 31, 23, 59, 50)
    const [quick, slow] = await Promise.all([
      bench.create({ now: () => now }),
      bench.create({ now: () => now - 20_000 }),
    ])
    const question = { keyId: createId(), limits: limitsOf({ quota: { requests: 3, refill: 'monthly' } }) }
    expect(await burst([quick, slow], 10, question)).toBe(3)
    expect((await quick.take(question)).retryAfterSeconds).toBe(10)
    now += 10_000
    expect(await burst([quick], 10, question)).toBe(3)
    expect(await burst([slow, quick], 10, question)).toBe(0)
    expect((await slow.take(question)).retryAfterSeconds).toBe(28 * 86_400 + 20)
  })
})

describe('while Redis is away', () => {
  it('each process counts alone, and what it let through is charged when Redis is back', async () => {
    const server = await startPrivateRedis()
    const own = await createLimiterBench(server.url)
    try {
      const [first, second] = await Promise.all([own.create(), own.create()])
      const limits = limitsOf({ rateLimits: [window(20)], quota: daily(50) })
      const question = { keyId: createId(), limits }
      expect(await burst([first], 5, question)).toBe(5)
      await server.stop()
      expect(await burst([first], 60, question)).toBe(15)
      expect(await burst([second], 60, { ...question, requestId: 'once' })).toBe(20)
      await server.start()
      // 20 of the first process, and one request of the second that came 20 times.
      const quotaUsed = () =>
        own.redis.hget(own.names.keyLimit(question.keyId, 'quota:daily'), 'used').catch(() => null)
      await expect.poll(quotaUsed).toBe('21')
      expect((await first.take(question)).refused).toBe('RATE_LIMITED')
      expect((await second.take(question)).refused).toBe('RATE_LIMITED')
    } finally {
      await own.close()
      await server.close()
    }
  })
})
