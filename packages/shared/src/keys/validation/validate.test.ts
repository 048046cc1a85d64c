import { describe, expect, it } from 'vitest'
import type { UsageEvent } from '../../usage/event.ts'
import { makeSecret } from '../secret.ts'
import { answerVerdict } from './answer.ts'
import { sampleRecord } from './record.sample.ts'
import type { SecretRecord } from './record.ts'
import { createValidate } from './validate.ts'

const now = 1_800_000_000_000

function setUp(change: Partial<SecretRecord> = {}) {
  const { secret, digest } = makeSecret('service')
  const record: SecretRecord = { ...sampleRecord, digest, ...change }
  const events: UsageEvent[] = []
  const firstUses: SecretRecord[] = []
  let asked = 0
  const validate = createValidate({
    cache: {
      get: async (wanted) => {
        asked++
        return wanted.equals(digest) ? record : undefined
      },
    },
    usage: { record: (event) => events.push(event) },
    now: () => now,
    noteFirstUse: (used) => firstUses.push(used),
  })
  return { validate, secret, record, events, firstUses, asked: () => asked }
}

describe('createValidate', () => {
  it('answers a good secret with what a service needs, and records the use', async () => {
    const { validate, secret, record, events } = setUp({ expiresAt: now + 1 })
    const verdict = await validate({ secret, address: '203.0.113.7', recordUsage: true })
    expect(answerVerdict(verdict)).toEqual({
      valid: true,
      code: 'VALID',
      keyId: record.keyId,
      type: 'service',
      name: 'billing',
      ownerId: 'team',
      scopes: ['invoices:*'],
      metadata: { a: 1 },
      expiresAt: new Date(now + 1).toISOString(),
      secretVersion: 1,
    })
    expect(events).toEqual([{ keyId: record.keyId, at: now, ip: '203.0.113.7', status: 200, latencyMs: undefined }])
  })

  it.each<[Partial<SecretRecord>, string]>([
    [{ revokedAt: now }, 'REVOKED'],
    [{ expiresAt: now }, 'EXPIRED'],
    [{ enabled: false }, 'DISABLED'],
    [{ graceEndsAt: now, currentVersion: 2 }, 'ROTATED'],
  ])('judges what is cached at each call: %j is %s, and counts as a failed use', async (change, code) => {
    const { validate, secret, record, events } = setUp(change)
    const verdict = await validate({ secret, address: undefined, recordUsage: true })
    expect(answerVerdict(verdict)).toEqual({ valid: false, code, keyId: record.keyId })
    expect(events.map((event) => event.status)).toEqual([401])
  })

  it('tells of a successor while the grace lasts', async () => {
    const { validate, secret } = setUp({ graceEndsAt: now + 60_000, currentVersion: 3, version: 2 })
    const answer = answerVerdict(await validate({ secret, address: undefined, recordUsage: false }))
    expect(answer).toMatchObject({
      valid: true,
      secretVersion: 2,
      rotation: { supersededBy: 3, graceEndsAt: new Date(now + 60_000).toISOString(), claimable: false },
    })
  })

  it('needs all scopes that are asked for', async () => {
    const { validate, secret, events } = setUp()
    const ask = async (scopes: string[]) =>
      (await validate({ secret, address: undefined, scopes, recordUsage: true })).code
    expect(await ask(['invoices:read', 'invoices:write'])).toBe('VALID')
    expect(await ask(['invoices:read', 'users:read'])).toBe('INSUFFICIENT_SCOPE')
    expect(events.map((event) => event.status)).toEqual([200, 403])
  })

  it('never looks a malformed secret up, and records nothing of it or of an unknown one', async () => {
    const { validate, secret, events, asked } = setUp()
    const ask = async (text: string) => (await validate({ secret: text, address: '::1', recordUsage: true })).code
    expect(await ask(`${secret.slice(0, -1)}${secret.endsWith('x') ? 'y' : 'x'}`)).toBe('MALFORMED')
    expect(asked()).toBe(0)
    expect(await ask(makeSecret('service').secret)).toBe('NOT_FOUND')
    expect(events).toEqual([])
  })
})
