import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyOf, type Rotation, type RotationHarness, shareRotationHarness } from '../../rotation/support.ts'
import { type Call, createClient, makeKey } from '../client.ts'

let t: RotationHarness
let asService: Call
beforeAll(async () => {
  t = await shareRotationHarness()
  asService = await t.as('keys:validate')
})
afterAll(() => t.close())

const claim = (secret: string) => createClient(t.api.url, secret)('POST', '/v1/keys/self/claim')
/** What a service asks about a secret that came from an address. */
async function use(key: string, clientIp: string | undefined, times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1)
    await asService('POST', '/v1/keys/validate', { body: { key, recordUsage: false, ...(clientIp && { clientIp }) } })
}
const usageOf = async ({ id }: Rotation) => (await t.read(id)).usage
const soon = { interval: 50 }
const nobody = { requests: 0, refused: 0, lastUsedAt: null, lastAddress: null, addresses: [] }

describe('the drain view', () => {
  it('counts uses by old and new secret since the rotation, by address, the latest first', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    await use(old, '192.0.2.9', 3)
    const rotation = await t.rotate(id)
    expect(await usageOf(rotation)).toEqual({ old: { version: 1, ...nobody }, new: { version: 2, ...nobody } })
    const since = Date.now()
    await use(old, '192.0.2.1', 4)
    await use(old, '2001:db8::1', 2)
    await use(old, undefined)
    await expect.poll(async () => (await usageOf(rotation))?.old.requests, soon).toBe(7)
    await use(old, '192.0.2.2')
    const successor = await t.fetchSecret(rotation.id)
    await use(successor, '192.0.2.1', 2)
    await expect.poll(async () => (await usageOf(rotation))?.new.requests, soon).toBe(2)
    await expect.poll(async () => (await usageOf(rotation))?.old.requests, soon).toBe(8)

    const usage = await usageOf(rotation)
    expect(usage?.old).toMatchObject({ version: 1, refused: 0, lastAddress: '192.0.2.2' })
    expect(Date.parse(usage?.old.lastUsedAt ?? '')).toBeGreaterThanOrEqual(since)
    const [latest, ...others] = usage?.old.addresses ?? []
    expect(latest).toMatchObject({ address: '192.0.2.2', requests: 1 })
    const whole = { address: '192.0.2.2', requests: 1, refused: 0, lastUsedAt: usage?.old.lastUsedAt }
    expect((await t.asRoot('GET', `/v1/rotations/${rotation.id}`)).body).toMatchObject({
      usage: { old: { addresses: [whole, {}, {}, {}] } },
    })
    const counts = new Map(others.map(({ address, requests }) => [address, requests]))
    expect(counts).toEqual(
      new Map([
        ['192.0.2.1', 4],
        ['2001:db8::1', 2],
        [null, 1],
      ]),
    )
    expect(usage?.new).toMatchObject({ version: 2, requests: 2, refused: 0, lastAddress: '192.0.2.1' })
    expect(usage?.new.addresses).toHaveLength(1)
  })

  it('tells refused uses, once the grace is over', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    const rotation = await t.rotate(id)
    await use(old, '192.0.2.1', 2)
    await t.asRoot('PATCH', `/v1/rotations/${rotation.id}`, { body: { graceSeconds: 0 } })
    await expect.poll(() => t.validate(old)).toBe('ROTATED')
    await expect.poll(() => usageOf(rotation), soon).toMatchObject({ old: { refused: 1 } })
    const before = (await usageOf(rotation))?.old.requests ?? 0
    await use(old, '192.0.2.1', 3)
    await expect.poll(() => usageOf(rotation), soon).toMatchObject({ old: { requests: before + 3, refused: 4 } })
  })

  it('shows the 20 addresses that used a secret latest, and counts all', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    const rotation = await t.rotate(id)
    for (let n = 1; n <= 23; n += 1) await use(old, `198.51.100.${n}`)
    await expect.poll(async () => (await usageOf(rotation))?.old.requests, soon).toBe(23)
    const { addresses = [], lastAddress } = (await usageOf(rotation))?.old ?? {}
    expect(addresses).toHaveLength(20)
    expect(lastAddress).toBe('198.51.100.23')
    expect(addresses.map(({ address }) => address)).not.toContain('198.51.100.1')
  })

  it("is each rotation's own", async () => {
    const { id, key: first } = await makeKey(t.asRoot)
    const one = await t.rotate(id)
    await use(first, '192.0.2.1', 2)
    await expect.poll(async () => (await usageOf(one))?.old.requests, soon).toBe(2)
    const second = keyOf(await claim(first))
    const two = await t.rotate(id, { forced: true })
    await expect.poll(() => t.validate(second)).toBe('ROTATED')
    await use(await t.fetchSecret(two.id), '192.0.2.3')
    await expect.poll(() => usageOf(two), soon).toMatchObject({ new: { version: 3, requests: 1 } })
    expect((await usageOf(one))?.new.version).toBe(2)
    expect((await usageOf(two))?.old.version).toBe(2)
  })
})

describe('an answer to a superseded secret', () => {
  it.each<[string, string, string, number]>([
    ['of a good request', 'GET', '/v1/keys?limit=1', 200],
    ['of a claim', 'POST', '/v1/keys/self/claim', 200],
    ['for want of a scope', 'GET', '/v1/audit', 403],
    ['about what is not there', 'GET', '/v1/keys/019a2b3c-0000-7000-8000-000000000001', 404],
    ['of a bad request', 'GET', '/v1/keys?limit=0', 400],
  ])('says so in its headers: %s', async (_, method, path, status) => {
    const { id, key: old } = await makeKey(t.asRoot, { scopes: ['keys:read'] })
    const asOld = createClient(t.api.url, old)
    const before = await asOld(method, path)
    expect([before.headers.get('deprecation'), before.headers.get('sunset')]).toEqual([null, null])
    const { finishedAt, graceEndsAt } = await t.rotate(id)
    await expect.poll(async () => (await asOld(method, path)).headers.get('deprecation')).not.toBeNull()
    const answer = await asOld(method, path)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('deprecation')).toBe(`@${Math.floor(Date.parse(finishedAt ?? '') / 1000)}`)
    expect(answer.headers.get('sunset')).toBe(new Date(graceEndsAt ?? '').toUTCString())
  })

  it('says so no more once the secret is dead, and not to its successor', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    const rotation = await t.rotate(id, { graceSeconds: 0 })
    const asOld = createClient(t.api.url, old)
    await expect.poll(async () => (await asOld('GET', '/v1/keys')).status).toBe(401)
    const answers = [
      await asOld('GET', '/v1/keys'),
      await createClient(t.api.url, await t.fetchSecret(rotation.id))('GET', '/v1/keys'),
      await t.asAnyone('POST', '/v1/keys/validate', { body: { key: old } }),
    ]
    for (const { headers } of answers) expect(headers.get('deprecation') ?? headers.get('sunset')).toBeNull()
  })
})
