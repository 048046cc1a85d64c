import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { decodeEntry } from '@momentry/shared/usage/entry.ts'
import { partitionOf } from '@momentry/shared/usage/partition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorkbench, partitions, type Workbench } from '../../support/workbench.ts'
import { codeOf, makeKey } from '../client.ts'
import { type Harness, shareHarness } from '../harness.ts'

let t: Harness
let bench: Workbench
beforeAll(async () => {
  t = await shareHarness()
  bench = await createWorkbench(t.stores.env)
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const validate = (body: object) => t.asAnyone('POST', '/v1/keys/validate', { body })

describe('POST /v1/keys/validate', () => {
  it('answers anyone, with what a service needs to know', async () => {
    const input = {
      name: 'n',
      ownerId: 'o',
      scopes: ['a:b'],
      metadata: { m: 1 },
      expiresAt: '2099-01-01T00:00:00.000Z',
    }
    const { id, key } = await makeKey(t.asRoot, input)
    const answer = await validate({ key })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body).toEqual({
      valid: true,
      code: 'VALID',
      keyId: id,
      type: 'service',
      secretVersion: 1,
      ...input,
    })
  })

  it('tells what is wrong with a secret', async () => {
    const { key } = await makeKey(t.asRoot, { scopes: ['a:b'] })
    expect((await validate({ key: 'nonsense' })).body).toEqual({ valid: false, code: 'MALFORMED' })
    expect((await validate({ key: makeSecret('user').secret })).body).toEqual({ valid: false, code: 'NOT_FOUND' })
    expect(codeOf(await validate({ key, scopes: ['a:b'] }))).toBe('VALID')
    expect(codeOf(await validate({ key, scopes: ['a:b', 'c'] }))).toBe('INSUFFICIENT_SCOPE')
  })

  it('lets a key end at its expiry though it is cached', async () => {
    const { key } = await makeKey(t.asRoot, { expiresAt: new Date(Date.now() + 3_000).toISOString() })
    expect(codeOf(await validate({ key }))).toBe('VALID')
    await expect.poll(async () => codeOf(await validate({ key }))).toBe('EXPIRED')
  })

  it.each([
    {},
    { key: '' },
    { key: 7 },
    { key: 'x'.repeat(501) },
    { key: 'x', clientIp: 'here' },
    { key: 'x', more: 1 },
  ])('refuses the body %j', async (body) => {
    expect(await validate(body)).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
  })

  it('records each use once, under the address that a trusted caller names, unless told not to', async () => {
    const { id, key } = await makeKey(t.asRoot)
    const trusted = await t.as('keys:validate')
    await trusted('POST', '/v1/keys/validate', { body: { key, clientIp: '2001:DB8::7' } })
    await trusted('POST', '/v1/keys/validate', { body: { key, clientIp: '203.0.113.7', recordUsage: false } })
    await trusted('POST', '/v1/keys/validate', { body: { key, scopes: ['x'] } })
    await validate({ key, clientIp: '203.0.113.7' })
    const uses = async () => (await readUses(id)).map(({ ip, status }) => ({ ip, status }))
    await expect.poll(uses).toHaveLength(3)
    expect(await uses()).toEqual([
      { ip: '2001:db8::7', status: 200 },
      { ip: undefined, status: 403 },
      { ip: '127.0.0.1', status: 200 },
    ])
  })
})

/** The usage events of a key that lie on the streams. */
async function readUses(keyId: string) {
  const entries = await bench.redis.xrange(bench.names.usageStream(partitionOf(keyId, partitions)), '-', '+')
  return entries.flatMap(([, fields]) => decodeEntry(fields[1] ?? '')).filter((event) => event.keyId === keyId)
}
