import { type AddressFinding, createLockout } from '@momentry/shared/lockout/lockout.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis, createRedisFactory, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { createNames } from '@momentry/shared/platform/redis/names.ts'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startPrivateRedis } from './support/servers/private-servers.ts'
import type { TestServer } from './support/servers/test-server.ts'

let server: TestServer
const closers: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  server = await startPrivateRedis()
})
afterAll(async () => {
  for (const close of closers) await close()
  await server.close()
})

/** A lockout as an api process has it. */
async function create() {
  const log = createLogger({ name: 'test', level: 'silent' })
  const createRedis = createRedisFactory({ url: server.url, name: 'test', log })
  const [redis, subscriber] = [createRedis('command'), createRedis('subscriber')]
  await Promise.all([whenReady(redis), whenReady(subscriber)])
  closers.push(
    () => closeRedis(redis),
    () => closeRedis(subscriber),
  )
  const locked: AddressFinding[] = []
  const lockout = createLockout({
    ...{ redis, subscriber, names: createNames('test'), log, now: Date.now },
    ...{ maxAttempts: 5, windowSeconds: 900, stuffingSecrets: 5 },
    onLocked: (finding) => locked.push(finding),
    onStuffing: () => undefined,
  })
  const fail = async (address: string, times: number) => {
    for (let n = 0; n < times; n += 1)
      await lockout.countFailure({ address, digest: Buffer.alloc(32), isGuess: true }).catch(() => undefined)
  }
  const isLocked = (address: string) => {
    try {
      lockout.refuseLocked(address)
      return false
    } catch {
      return true
    }
  }
  return { redis, lockout, locked, fail, isLocked }
}

it('goes on while Redis is away, keeps its locks, and tells the others of new ones when Redis is back', async () => {
  const [one, other] = await Promise.all([create(), create()])
  await one.fail('203.0.113.1', 5)
  await vi.waitFor(() => expect(other.isLocked('203.0.113.1')).toBe(true))
  expect([...one.locked, ...other.locked]).toMatchObject([{ address: '203.0.113.1', observed: 5 }])

  await server.stop()
  await vi.waitFor(() => expect(one.redis.status).not.toBe('ready'))
  await one.fail('203.0.113.2', 5)
  expect([one.isLocked('203.0.113.1'), one.isLocked('203.0.113.2')]).toEqual([true, true])
  expect([other.isLocked('203.0.113.1'), other.isLocked('203.0.113.2')]).toEqual([true, false])

  await server.start()
  await vi.waitFor(() => expect(other.isLocked('203.0.113.2')).toBe(true), { timeout: 10_000 })
  await vi.waitFor(() => expect([one.redis.status, other.redis.status]).toEqual(['ready', 'ready']))
  await one.fail('203.0.113.3', 3)
  await other.fail('203.0.113.3', 2)
  await vi.waitFor(() => expect(one.isLocked('203.0.113.3')).toBe(true))
})

it('cannot be filled with addresses: neither its memory nor Redis', async () => {
  const { redis, lockout } = await create()
  const names = createNames('test')
  const addresses = Array.from({ length: 60_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
  const ends = Date.now() + 600_000
  for (let at = 0; at < addresses.length; at += 10_000) {
    const batch = addresses.slice(at, at + 10_000)
    await redis.zadd(names.lockedAddresses, ...batch.flatMap((address) => [ends, address]))
    await Promise.all(
      batch.map((subject) =>
        redis.publish(names.lockoutChannel, JSON.stringify({ do: 'lock', subject, endsAt: ends })),
      ),
    )
  }
  await vi.waitFor(() => expect(lockout.size()).toBe(50_000))
  for (let n = 0; n < 5; n += 1)
    await lockout.countFailure({ address: '203.0.113.9', digest: Buffer.alloc(32), isGuess: true })
  await vi.waitFor(async () => expect(await redis.zcard(names.lockedAddresses)).toBe(50_000))
})
