import { publishLocks } from '@momentry/shared/lockout/channel.ts'
import { clearLockout, clearLockouts } from '@momentry/shared/lockout/clear.ts'
import { type AddressFinding, createLockout } from '@momentry/shared/lockout/lockout.ts'
import { systemActor } from '@momentry/shared/platform/context.ts'
import { createPostgres } from '@momentry/shared/platform/postgres/client.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis, createRedisFactory, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { createNames } from '@momentry/shared/platform/redis/names.ts'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { startPrivateRedis } from './support/servers/private-servers.ts'
import type { TestServer } from './support/servers/test-server.ts'
import { createTestSigner } from './support/signer.ts'
import { createTestStores } from './support/stores.ts'
import { startTcpProxy } from './support/tcp-proxy.ts'
import { untilHolds } from './support/until-holds.ts'

const log = createLogger({ name: 'test', level: 'silent' })
const names = createNames('test')
const windowSeconds = 900
const digest = Buffer.alloc(32)

let server: TestServer
const closers: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  server = await startPrivateRedis()
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
afterAll(() => server.close())

/** A way to the Redis that a test can cut. */
async function startProxy() {
  const direct = new URL(server.url)
  const proxy = await startTcpProxy(Number(direct.port))
  closers.push(() => proxy.close())
  direct.port = String(proxy.port)
  return { ...proxy, url: direct.href }
}

interface Options {
  /** Where the commands go, and where the channel is heard. */
  urls?: [string, string]
  maxAttempts?: number
  now?: () => number
}

/** A lockout as an api process has it. */
async function create({ urls = [server.url, server.url], maxAttempts = 5, now = Date.now }: Options = {}) {
  const [redis, subscriber] = [
    createRedisFactory({ url: urls[0], name: 'test', log })('command'),
    createRedisFactory({ url: urls[1], name: 'test', log })('subscriber'),
  ]
  await Promise.all([whenReady(redis, 500), whenReady(subscriber, 500)])
  const locked: AddressFinding[] = []
  const stuffed: AddressFinding[] = []
  const lockout = createLockout({
    ...{ redis, subscriber, names, log, now, maxAttempts, windowSeconds, stuffingSecrets: 5 },
    onLocked: (finding) => locked.push(finding),
    onStuffing: (finding) => stuffed.push(finding),
  })
  closers.push(async () => {
    lockout.close()
    await Promise.all([closeRedis(redis), closeRedis(subscriber)])
  })
  const fail = async (address: string, times: number) => {
    for (let n = 0; n < times; n += 1)
      await lockout.countFailure({ address, digest, isGuess: true }).catch(() => undefined)
  }
  const isLocked = (address: string) => {
    try {
      lockout.refuseLocked(address)
      return false
    } catch {
      return true
    }
  }
  return { redis, subscriber, lockout, locked, stuffed, fail, isLocked }
}

it('goes on while Redis is away, keeps its locks, and tells the others of new ones when Redis is back', async () => {
  const [one, other] = await Promise.all([create(), create()])
  await one.fail('203.0.113.1', 5)
  await untilHolds(() => expect(other.isLocked('203.0.113.1')).toBe(true))
  expect([...one.locked, ...other.locked]).toMatchObject([{ address: '203.0.113.1', observed: 5 }])

  await server.stop()
  await untilHolds(() => expect(one.redis.status).not.toBe('ready'))
  await one.fail('203.0.113.2', 5)
  expect([one.isLocked('203.0.113.1'), one.isLocked('203.0.113.2')]).toEqual([true, true])
  expect([other.isLocked('203.0.113.1'), other.isLocked('203.0.113.2')]).toEqual([true, false])

  await server.start()
  await untilHolds(() => expect(other.isLocked('203.0.113.2')).toBe(true))
  await untilHolds(() => expect([one.redis.status, other.redis.status]).toEqual(['ready', 'ready']))
  await one.fail('203.0.113.3', 3)
  await other.fail('203.0.113.3', 2)
  await untilHolds(() => expect(one.isLocked('203.0.113.3')).toBe(true))
})

it('keeps its locks where Redis comes back without them, and gives them back to it', async () => {
  const one = await create()
  await one.fail('203.0.113.4', 5)
  await untilHolds(async () => expect(await one.redis.zscore(names.lockedAddresses, '203.0.113.4')).not.toBeNull())
  await one.redis.flushall()
  one.subscriber.disconnect(true)
  await untilHolds(async () => expect(await one.redis.zscore(names.lockedAddresses, '203.0.113.4')).not.toBeNull())
  expect(one.isLocked('203.0.113.4')).toBe(true)
})

it('hears of the locks as soon as it can ask, in whatever order its connections come up', async () => {
  const one = await create()
  await one.fail('203.0.113.5', 5)
  const proxy = await startProxy()
  proxy.set({ kind: 'refuse' })
  const late = await create({ urls: [proxy.url, server.url] })
  expect([late.redis.status === 'ready', late.subscriber.status === 'ready']).toEqual([false, true])
  expect(late.isLocked('203.0.113.5')).toBe(false)
  proxy.set({ kind: 'open' })
  await untilHolds(() => expect(late.isLocked('203.0.113.5')).toBe(true))
})

it('does not bring back what was cleared while it was cut off, and locks it again when it guesses again', async () => {
  const stores = await createTestStores()
  const postgres = createPostgres({ url: stores.databaseUrl, poolSize: 1, applicationName: 'test', log })
  closers.push(async () => {
    await postgres.close()
    await stores.close()
  })
  const context = {
    ...{ db: postgres.db, actor: systemActor, requestId: 'test', now: Date.now, signer: createTestSigner() },
    publishChanges: async () => undefined,
  }
  const proxy = await startProxy()
  const [one, cutOff] = await Promise.all([create(), create({ urls: [proxy.url, proxy.url] })])
  const deps = { redis: one.redis, names, windowSeconds }
  const addresses = ['203.0.113.6', '203.0.113.7', '203.0.113.8']
  for (const address of addresses) await one.fail(address, 5)
  await untilHolds(() => expect(addresses.map(cutOff.isLocked)).toEqual([true, true, true]))

  proxy.set({ kind: 'refuse' })
  proxy.cut()
  await untilHolds(() => expect(cutOff.redis.status).not.toBe('ready'))
  await clearLockout(context, deps, '203.0.113.6')
  await untilHolds(() => expect(addresses.map(one.isLocked)).toEqual([false, true, true]))
  await one.fail('203.0.113.6', 5)
  await clearLockout(context, deps, '::ffff:203.0.113.7')
  proxy.set({ kind: 'open' })
  await untilHolds(() => expect(addresses.map(cutOff.isLocked)).toEqual([true, false, true]))
  expect(addresses.map(one.isLocked)).toEqual([true, false, true])

  proxy.set({ kind: 'refuse' })
  proxy.cut()
  await untilHolds(() => expect(cutOff.redis.status).not.toBe('ready'))
  expect(await clearLockouts(context, deps)).toBeGreaterThanOrEqual(2)
  proxy.set({ kind: 'open' })
  await untilHolds(() => expect(addresses.map(cutOff.isLocked)).toEqual([false, false, false]))
  await untilHolds(() => expect(addresses.map(one.isLocked)).toEqual([false, false, false]))
  await expect(clearLockout(context, deps, '203.0.113.6')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('tells of each lock once, however many processes count at the same time', async () => {
  const processes = await Promise.all([create(), create(), create()])
  const addresses = Array.from({ length: 40 }, (_, n) => `198.51.100.${n}`)
  await Promise.all(addresses.flatMap((address) => processes.map(({ fail }) => fail(address, 4))))
  await untilHolds(() => expect(processes.flatMap(({ locked }) => locked)).toHaveLength(addresses.length))
  const told = processes.flatMap(({ locked }) => locked.map(({ address }) => address))
  expect(told.toSorted()).toEqual(addresses.toSorted())
})

it('counts different secrets, of which it keeps no more than it takes to tell', async () => {
  const { lockout, redis, stuffed } = await create()
  const tryOne = (n: number) =>
    lockout.countFailure({ address: '203.0.113.9', digest: Buffer.alloc(32, n), isGuess: false })
  for (let n = 0; n < 20; n += 1) await tryOne(1)
  await untilHolds(async () => expect(await redis.scard(names.stuffing('203.0.113.9'))).toBe(1))
  expect(stuffed).toEqual([])
  for (let n = 0; n < 200; n += 1) await tryOne(n)
  await untilHolds(() => expect(stuffed).toMatchObject([{ address: '203.0.113.9', observed: 5, threshold: 5 }]))
  expect(await redis.scard(names.stuffing('203.0.113.9'))).toBe(5)
  const seconds = await redis.ttl(names.stuffing('203.0.113.9'))
  expect(seconds > 0 && seconds <= windowSeconds).toBe(true)
})

it('forgets what is over', async () => {
  const clock = { at: Date.now() }
  const { lockout, isLocked, fail } = await create({ now: () => clock.at })
  await fail('203.0.113.10', 5)
  await untilHolds(() => expect(lockout.size()).toBeGreaterThan(0))
  clock.at += windowSeconds * 1000 + 1
  expect([isLocked('203.0.113.10'), lockout.size()]).toEqual([false, 0])
})

/** More than the 50,000 that are kept. */
const many = Array.from({ length: 55_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
const nowhere: [string, string] = ['redis://127.0.0.1:1', 'redis://127.0.0.1:1']

it('cannot be filled with addresses that fail while Redis is away', async () => {
  const { isLocked, fail } = await create({ urls: nowhere, maxAttempts: 2 })
  await fail('203.0.113.11', 1)
  for (const address of many) await fail(address, 1)
  await fail('203.0.113.11', 1)
  expect(isLocked('203.0.113.11')).toBe(false)
  await fail('203.0.113.11', 1)
  expect(isLocked('203.0.113.11')).toBe(true)
})

it('cannot be filled with addresses that are locked while Redis is away', async () => {
  const { lockout, fail } = await create({ urls: nowhere, maxAttempts: 1 })
  for (const address of many) await fail(address, 1)
  expect(lockout.size()).toBe(50_000)
})

it('cannot be filled with addresses over the channel either, and neither can Redis', async () => {
  const { redis, lockout, fail } = await create()
  const endsAt = Date.now() + 600_000
  for (let at = 0; at < many.length; at += 1_000) {
    const batch = many.slice(at, at + 1_000)
    await redis.zadd(names.lockedAddresses, ...batch.flatMap((address) => [endsAt, address]))
    await publishLocks(
      redis,
      names,
      batch.map((address) => [address, endsAt]),
    )
  }
  await untilHolds(() => expect(lockout.size()).toBe(50_000))
  await fail('203.0.113.12', 5)
  await untilHolds(async () => expect(await redis.zcard(names.lockedAddresses)).toBe(50_000))
})
