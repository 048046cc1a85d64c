import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createClient } from '@momentry/client/client.ts'
import { createRotatingSecret, type RotatingSecretOptions } from '@momentry/client/holder/rotating-secret.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { makeKey } from '../api/client.ts'
import type { Harness } from '../api/harness.ts'
import { shareRotationHarness } from '../rotation/support.ts'
import { eventually } from './support/eventually.ts'
import { endGrace, readRotation, rotateKey, waitForRotation } from './support/rotations.ts'
import { startHono } from './support/services.ts'

let t: Harness
const closers: (() => Promise<void>)[] = []
beforeAll(async () => {
  t = await shareRotationHarness()
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
afterAll(() => t.close())

/** A holder of a key that checks when it is told to. */
async function startHolder(store: { key: string }, options: Partial<RotatingSecretOptions> = {}) {
  const errors: unknown[] = []
  const holder = createRotatingSecret({
    ...{ url: t.api.url ?? '', checkEveryMs: 1_000_000, onError: (error) => errors.push(error) },
    load: () => store.key,
    save: (secret) => {
      store.key = secret
    },
    ...options,
  })
  closers.push(holder.stop)
  await holder.start()
  return { ...holder, errors }
}

const codeOf = async (key: string) =>
  z.looseObject({ code: z.string() }).parse((await t.asAnyone('POST', '/v1/keys/validate', { body: { key } })).body)
    .code

describe('createRotatingSecret', () => {
  it('goes over to the successor of a key that is over its limits', async () => {
    const made = await makeKey(t.asRoot, { policy: { quota: { requests: 1, refill: 'monthly' } } })
    const store = { ...made }
    expect(await codeOf(made.key)).toBe('VALID')
    const holder = await startHolder(store)
    expect([await codeOf(made.key), await holder.checkNow()]).toEqual(['QUOTA_EXCEEDED', 'current'])
    const rotationId = await rotateKey(t.asRoot, made.id)
    // The row tells of it a moment before the api hears of it.
    await expect.poll(holder.checkNow).toBe('rotated')
    expect(store.key).toBe(holder.current())
    expect(holder.current()).not.toBe(made.key)
    await waitForRotation(t.asRoot, rotationId, { claimedBy: 'holder', firstUsedAt: expect.any(String) })
    expect(holder.errors).toEqual([])
  })

  it('goes over to the successor while both are good', async () => {
    const made = await makeKey(t.asRoot)
    const store = { ...made }
    const holder = await startHolder(store)
    expect([await holder.checkNow(), holder.current()]).toEqual(['current', made.key])
    const rotationId = await rotateKey(t.asRoot, made.id)
    await expect.poll(holder.checkNow).toBe('rotated')
    expect(holder.current()).not.toBe(made.key)
    expect([store.key, await codeOf(made.key), await codeOf(store.key)]).toEqual([holder.current(), 'VALID', 'VALID'])
    await waitForRotation(t.asRoot, rotationId, { claimedBy: 'holder', firstUsedAt: expect.any(String) })
    // The first use burnt it: the old secret gets it no more.
    const late = await startHolder({ key: made.key })
    expect(late.errors).toMatchObject([{ kind: 'refused', code: 'NOT_CLAIMABLE' }])
    await endGrace(t.asRoot, rotationId)
    await eventually(() => codeOf(made.key)).toBe('ROTATED')
    expect([await holder.checkNow(), holder.errors]).toEqual(['current', []])
  })

  it('is claimed once more by a process that died before it could save', async () => {
    const store = await makeKey(t.asRoot)
    const save = () => Promise.reject(new Error('the disk is full'))
    const dying = await startHolder(store, { save })
    await rotateKey(t.asRoot, store.id)
    await expect.poll(dying.checkNow).toBe('failed')
    expect(dying.current()).toBe(store.key)
    const next = await startHolder(store)
    expect([next.current(), await codeOf(next.current()), next.errors]).toEqual([store.key, 'VALID', []])
    expect(store.key).not.toBe(dying.current())
  })

  it('lets processes share a store', async () => {
    const store = await makeKey(t.asRoot)
    const old = store.key
    const holders = [await startHolder(store), await startHolder(store), await startHolder(store)]
    await rotateKey(t.asRoot, store.id)
    // The row tells of it a moment before the api hears of it.
    await expect
      .poll(async () => (await t.asAnyone('POST', '/v1/keys/validate', { body: { key: old } })).headers.has('sunset'))
      .toBe(true)
    await Promise.all(holders.map((holder) => holder.checkNow()))
    for (const holder of holders) await holder.checkNow()
    expect(holders.map((holder) => holder.current())).toEqual(Array(3).fill(store.key))
    expect(await codeOf(store.key)).toBe('VALID')
  })

  it.each<[string, { publicKey: KeyObject; privateKey: KeyObject }]>([
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['X25519', generateKeyPairSync('x25519')],
  ])('opens a successor that comes encrypted to an %s key', async (_, { publicKey, privateKey }) => {
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const store = await makeKey(t.asRoot, { publicKey: pem })
    const before = store.key
    await rotateKey(t.asRoot, store.id)
    const keyless = await startHolder({ ...store })
    expect(keyless.errors).toMatchObject([{ kind: 'protocol', message: expect.stringMatching(/set privateKey/) }])
    const holder = await startHolder(store, {
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    })
    expect(holder.errors).toEqual([])
    expect(holder.current()).not.toBe(before)
    expect(await codeOf(holder.current())).toBe('VALID')
  })

  it('cannot claim after a forced rotation, and takes what an operator stores', async () => {
    const made = await makeKey(t.asRoot)
    const store = { ...made }
    const holder = await startHolder(store)
    const rotationId = await rotateKey(t.asRoot, made.id, { forced: true, reason: 'leaked' })
    await eventually(() => codeOf(made.key)).toBe('ROTATED')
    expect([await holder.checkNow(), holder.errors]).toMatchObject(['failed', [{ kind: 'refused', code: 'ROTATED' }]])
    const { body } = await t.asRoot('POST', `/v1/rotations/${rotationId}/secret`)
    store.key = z.looseObject({ key: z.string() }).parse(body).key
    expect([await holder.checkNow(), holder.current()]).toEqual(['rotated', store.key])
    expect(await readRotation(t.asRoot, rotationId)).toMatchObject({ claimedBy: 'operator' })
  })

  it('hears of its successor from a service that it calls', async () => {
    const client = createClient({ url: t.api.url ?? '', apiKey: t.root.key, cache: { ttlMs: 0 } })
    const service = await startHono({ client })
    closers.push(service.close)
    const store = await makeKey(t.asRoot)
    const holder = await startHolder(store)
    const call = async () => (await holder.fetch(`${service.url}/hello`)).headers
    expect((await call()).get('deprecation')).toBeNull()
    const { graceEndsAt } = await readRotation(t.asRoot, await rotateKey(t.asRoot, store.id))
    const before = holder.current()
    expect((await call()).get('sunset')).toBe(new Date(graceEndsAt ?? '').toUTCString())
    await eventually(holder.current).not.toBe(before)
    expect((await call()).get('deprecation')).toBeNull()
    expect(holder.errors).toEqual([])
  })
})
