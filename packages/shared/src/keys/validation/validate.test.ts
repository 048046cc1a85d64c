import { describe, expect, it } from 'vitest'
import { type LimitOutcome, prepareAddresses, prepareLimits } from '../../limits/limits.ts'
import { parseScopeExpression } from '../../scopes/expression.ts'
import type { UsageEvent } from '../../usage/event.ts'
import { makeSecret } from '../secret.ts'
import { answerVerdict } from './answer.ts'
import { makeSample } from './record/record.sample.ts'
import type { SecretRecord } from './record/record.ts'
import { createValidate } from './validate.ts'

const now = 1_800_000_000_000

const within: LimitOutcome = { refused: undefined, violated: [], states: [], retryAfterSeconds: undefined }

function setUp(change: Partial<SecretRecord> = {}, outcome: LimitOutcome = within) {
  const { secret, digest } = makeSecret('service')
  const record = makeSample({ digest: digest.toString('latin1'), ...change })
  const events: UsageEvent[] = []
  const firstUses: SecretRecord[] = []
  let asked = 0
  let taken = 0
  const validate = createValidate({
    cache: {
      peek: () => undefined,
      get: async (wanted) => {
        asked++
        return wanted.equals(digest) ? record : undefined
      },
    },
    usage: { record: (event) => events.push(event) },
    limiter: {
      take: async () => {
        taken++
        return outcome
      },
    },
    foreign: { fits: async (text) => text.startsWith('sk_') },
    now: () => now,
    noteFirstUse: (used) => firstUses.push(used),
  })
  return { validate, secret, record, events, firstUses, asked: () => asked, taken: () => taken }
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

  describe('of a key that is bound', () => {
    const limits = prepareLimits({ rateLimits: [{ name: 'burst', requests: 5, windowSeconds: 60 }] }, undefined)
    const state = { name: 'burst', limit: 5, remaining: 0, resetSeconds: 9, windowSeconds: 60 }
    const bound = { isAllowedFrom: prepareAddresses(['203.0.113.0/24']), limits }
    const inside = { address: '203.0.113.9', recordUsage: true }

    it.each<[string, Partial<SecretRecord>, object, string]>([
      ['state before address', { revokedAt: now }, { address: '192.0.2.1' }, 'REVOKED'],
      ['address before scopes', {}, { address: '192.0.2.1', scopes: ['users:read'] }, 'IP_NOT_ALLOWED'],
      ['no known address', {}, { address: undefined }, 'IP_NOT_ALLOWED'],
      ['scopes before limits', {}, { scopes: ['users:read'] }, 'INSUFFICIENT_SCOPE'],
    ])('judges %s, and asks no limit', async (_, change, use, code) => {
      const { validate, secret, taken } = setUp({ ...bound, ...change })
      expect((await validate({ secret, ...inside, ...use })).code).toBe(code)
      expect(taken()).toBe(0)
    })

    it('tells what is left, and that the answer is for this address', async () => {
      const { validate, secret, taken } = setUp(bound, { ...within, states: [state] })
      const answer = answerVerdict(await validate({ secret, ...inside }))
      expect(answer).toMatchObject({ valid: true, limits: [state], addressBound: true })
      expect(taken()).toBe(1)
    })

    it.each(['RATE_LIMITED', 'QUOTA_EXCEEDED'] as const)('says when to come back: %s', async (refused) => {
      const over = { refused, violated: ['burst'], states: [state], retryAfterSeconds: 9 }
      const { validate, secret, events, record } = setUp(bound, over)
      const answer = answerVerdict(await validate({ secret, ...inside }))
      expect(answer).toEqual({
        ...{ valid: false, code: refused, keyId: record.keyId, limits: [state], retryAfterSeconds: 9 },
        problemType: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      })
      expect(events.map((event) => event.status)).toEqual([429])
    })

    it('counts a use from elsewhere as forbidden, and not as the first of a successor', async () => {
      const { validate, secret, events, firstUses } = setUp({ ...bound, awaitsFirstUse: true })
      await validate({ secret, address: '192.0.2.1', recordUsage: true })
      expect([events.map((event) => event.status), firstUses]).toEqual([[403], []])
      await validate({ secret, ...inside })
      expect(firstUses).toHaveLength(1)
    })
  })

  it('needs what an expression asks for, beside the scopes', async () => {
    const { validate, secret } = setUp()
    const ask = async (text: string, scopes?: string[]) => {
      const scopeExpression = parseScopeExpression(text)
      if ('problem' in scopeExpression) throw new Error(scopeExpression.problem.message)
      return (await validate({ secret, address: undefined, scopes, scopeExpression, recordUsage: false })).code
    }
    expect(await ask('users:read OR invoices:read')).toBe('VALID')
    expect(await ask('users:read AND invoices:read')).toBe('INSUFFICIENT_SCOPE')
    expect(await ask('invoices:read', ['users:read'])).toBe('INSUFFICIENT_SCOPE')
  })
})
