import { describe, expect, it } from 'vitest'
import { hashSecret } from '../../secret.ts'
import { sampleRecord } from '../record/record.sample.ts'
import type { SecretRecord } from '../record/record.ts'
import { createSecretCache } from './secret-cache.ts'

/** A cache over a source whose answers the test gives, in its own time. */
function setUp(options: { capacity?: number; ttlSeconds?: number } = {}) {
  const source = new Map<string, SecretRecord>()
  const held: PromiseWithResolvers<void>[] = []
  let holding = false
  let loads = 0
  let time = 0
  const cache = createSecretCache({
    ttlSeconds: options.ttlSeconds ?? 300,
    capacity: options.capacity ?? 100,
    now: () => time,
    load: async (digest) => {
      loads++
      const found = source.get(digest.toString('hex'))
      if (holding) {
        const gate = Promise.withResolvers<void>()
        held.push(gate)
        await gate.promise
      }
      return found
    },
  })
  cache.connected()
  return {
    cache,
    loads: () => loads,
    advance: (ms: number) => (time += ms),
    put(name: string, keyId = `key of ${name}`, change: Partial<SecretRecord> = {}): Buffer {
      const digest = hashSecret(name)
      source.set(digest.toString('hex'), { ...sampleRecord, ...change, keyId, digest: digest.toString('latin1') })
      return digest
    },
    /** From now on a load reads at once and answers only when it is let go. */
    hold: () => (holding = true),
    letGo() {
      holding = false
      for (const gate of held.splice(0)) gate.resolve()
    },
    held: () => held.length,
  }
}

describe('createSecretCache', () => {
  it('asks once for a secret, and again when its time is up', async () => {
    const { cache, put, loads, advance } = setUp({ ttlSeconds: 60 })
    const digest = put('a')
    await cache.get(digest)
    advance(59_999)
    await cache.get(digest)
    expect(loads()).toBe(1)
    advance(1)
    await cache.get(digest)
    expect(loads()).toBe(2)
  })

  it('shares one query among all who miss at the same time', async () => {
    const { cache, put, loads, hold, letGo } = setUp()
    const digest = put('a')
    hold()
    const answers = Array.from({ length: 50 }, () => cache.get(digest))
    letGo()
    const records = await Promise.all(answers)
    expect(loads()).toBe(1)
    expect(new Set(records).size).toBe(1)
  })

  it('does not share a failure with later askers', async () => {
    let fail = true
    const cache = createSecretCache({
      ttlSeconds: 1,
      capacity: 1,
      now: () => 0,
      load: async () => {
        if (fail) throw new Error('down')
        return sampleRecord
      },
    })
    await expect(cache.get(Buffer.from(sampleRecord.digest, 'latin1'))).rejects.toThrow('down')
    fail = false
    await expect(cache.get(Buffer.from(sampleRecord.digest, 'latin1'))).resolves.toMatchObject(sampleRecord)
  })

  it('drops every secret of a key and nothing else', async () => {
    const { cache, put, loads } = setUp()
    const [first, second, other] = [put('a', 'k'), put('b', 'k'), put('c', 'other')]
    for (const digest of [first, second, other]) await cache.get(digest)
    cache.drop('k')
    expect(cache.size()).toBe(1)
    for (const digest of [first, second, other]) await cache.get(digest)
    expect(loads()).toBe(5)
  })

  it('never lets a fill that began before a drop bring the old state back', async () => {
    const { cache, put, hold, letGo, loads } = setUp()
    const digest = put('a', 'k')
    hold()
    const early = cache.get(digest)
    // The revoke commits and is told while the query, which read before it, is still on its way.
    put('a', 'k', { revokedAt: 1 })
    cache.drop('k')
    const joined = cache.get(digest)
    letGo()
    expect((await joined)?.revokedAt).toBe(1)
    expect((await early)?.revokedAt).toBe(1)
    expect((await cache.get(digest))?.revokedAt).toBe(1)
    expect(loads()).toBe(2)
  })

  it('queries again as often as a drop comes in between', async () => {
    const { cache, put, hold, letGo, held } = setUp()
    const digest = put('a', 'k')
    hold()
    const asked = cache.get(digest)
    for (let version = 2; version < 5; version++) {
      put('a', 'k', { currentVersion: version })
      cache.drop('k')
      letGo()
      hold()
      await expect.poll(held).toBe(1)
    }
    letGo()
    expect((await asked)?.currentVersion).toBe(4)
  })

  it('does not remember as unknown what a change may have made known', async () => {
    const { cache, put, hold, letGo } = setUp()
    const digest = hashSecret('a')
    hold()
    const early = cache.get(digest)
    put('a', 'k')
    cache.drop('k')
    letGo()
    expect(await early).toBeUndefined()
    expect((await cache.get(digest))?.keyId).toBe('k')
  })

  it('keeps known secrets in a flood of unknown ones, and remembers those for 5 s', async () => {
    const { cache, put, loads, advance } = setUp({ capacity: 10 })
    const digest = put('known')
    await cache.get(digest)
    for (let n = 0; n < 5000; n++) await cache.get(hashSecret(`unknown ${n}`))
    const before = loads()
    await cache.get(digest)
    await cache.get(hashSecret('unknown 4999'))
    expect(loads()).toBe(before)
    advance(5000)
    await cache.get(hashSecret('unknown 4999'))
    expect(loads()).toBe(before + 1)
  })

  it('holds no more than its capacity, in its index either', async () => {
    const { cache, put, loads } = setUp({ capacity: 3 })
    for (let n = 0; n < 10; n++) await cache.get(put(`s${n}`, 'k'))
    expect(cache.size()).toBe(3)
    cache.drop('k')
    expect(cache.size()).toBe(0)
    expect(loads()).toBe(10)
  })

  it('lives 5 s at most while changes may be missed, and drops all when they no longer are', async () => {
    const { cache, put, loads, advance } = setUp()
    const digest = put('a')
    await cache.get(digest)
    cache.disconnected()
    advance(4_999)
    await cache.get(digest)
    expect(loads()).toBe(1)
    advance(1)
    await cache.get(digest)
    expect(loads()).toBe(2)
    cache.connected()
    expect(cache.size()).toBe(0)
    await cache.get(digest)
    expect(loads()).toBe(3)
  })

  it('counts an age from the beginning of a query, not from its end', async () => {
    const { cache, put, loads, advance, hold, letGo } = setUp()
    cache.disconnected()
    const digest = put('a')
    hold()
    const slow = cache.get(digest)
    advance(4_000)
    letGo()
    await slow
    advance(1_000)
    await cache.get(digest)
    expect(loads()).toBe(2)
  })

  it('drops fills that were under way when the subscription came back', async () => {
    const { cache, put, hold, letGo } = setUp()
    const digest = put('a', 'k')
    cache.disconnected()
    hold()
    const early = cache.get(digest)
    put('a', 'k', { revokedAt: 1 })
    cache.connected()
    letGo()
    expect((await early)?.revokedAt).toBe(1)
  })
})
