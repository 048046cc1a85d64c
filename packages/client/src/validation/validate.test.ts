import { describe, expect, it } from 'vitest'
import type { Question } from './ask.ts'
import { createValidate } from './validate.ts'
import type { ValidVerdict, Verdict } from './verdict.ts'

const good: ValidVerdict = {
  ...{ valid: true, code: 'VALID', keyId: 'k', type: 'service', name: 'n', ownerId: null, scopes: [], metadata: {} },
  ...{ expiresAt: null, secretVersion: 1 },
}

/** Clocks that stand still until they are moved, and a Momentry that answers when it is let. */
function setUp(answer: (question: Question) => Verdict | Promise<Verdict> = () => good, options = {}) {
  const time = { steady: 5000, day: Date.parse('2026-01-01T00:00:00Z') }
  const asked: Question[] = []
  const ask = async (question: Question) => {
    asked.push(question)
    return answer(question)
  }
  const clocks = { steady: () => time.steady, day: () => time.day }
  const pass = (ms: number) => {
    time.steady += ms
    time.day += ms
  }
  return { validate: createValidate(ask, options, clocks), asked, pass, time }
}

const inMs = (ms: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + ms).toISOString()

describe('createValidate', () => {
  it('remembers a good verdict for a second', async () => {
    const { validate, asked, pass } = setUp()
    expect([await validate('s'), await validate('s')]).toEqual([good, good])
    pass(999)
    await validate('s')
    expect(asked).toHaveLength(1)
    pass(1)
    await validate('s')
    expect(asked).toHaveLength(2)
  })

  it('counts the time of a verdict from when it was asked for', async () => {
    const { validate, asked, pass } = setUp(() => {
      pass(600)
      return good
    })
    await validate('s')
    pass(399)
    await validate('s')
    expect(asked).toHaveLength(1)
    pass(1)
    await validate('s')
    expect(asked).toHaveLength(2)
  })

  it('tells secrets, scopes and addresses apart', async () => {
    const { validate, asked } = setUp()
    await validate('s')
    await validate('t')
    await validate('s', { scopes: ['a'] })
    await validate('s', { scopes: ['a', 'b'] })
    await validate('s', { clientIp: '192.0.2.1' })
    await validate('s', { scopeExpression: 'a OR b' })
    expect(asked).toHaveLength(6)
    await validate('s', { scopes: ['b', 'a', 'b'] })
    await validate('s', { scopes: [] })
    expect(asked).toHaveLength(6)
  })

  it.each([
    ['expiry', { expiresAt: inMs(300) }],
    ['grace', { rotation: { supersededBy: 2, graceEndsAt: inMs(300), claimable: true } }],
  ])('never lets a verdict outlive an %s', async (_, change) => {
    const { validate, asked, pass } = setUp(() => ({ ...good, ...change }))
    await validate('s')
    pass(299)
    await validate('s')
    expect(asked).toHaveLength(1)
    pass(1)
    await validate('s')
    expect(asked).toHaveLength(2)
  })

  it('is not misled by a clock that is set back', async () => {
    const { validate, asked, time } = setUp()
    await validate('s')
    time.steady += 1000
    time.day -= 3_600_000
    await validate('s')
    expect(asked).toHaveLength(2)
  })

  it.each([
    ['a refusal', 's', { valid: false, code: 'REVOKED', keyId: 'k' } as const],
    ['an emergency key, by its type', 's', { ...good, type: 'emergency' }],
    ['an emergency key, by its secret', 'mty_emergency_x', good],
  ])('does not remember %s', async (_, secret, verdict) => {
    const { validate, asked } = setUp(() => verdict)
    await validate(secret)
    await validate(secret)
    expect(asked).toHaveLength(2)
  })

  it('asks every time where it is told to remember nothing', async () => {
    const { validate, asked } = setUp(() => good, { ttlMs: 0 })
    await Promise.all([validate('s'), validate('s')])
    expect(asked).toHaveLength(2)
  })

  it('asks once for all who ask at once, but not for one who comes a second later', async () => {
    const gate = Promise.withResolvers<Verdict>()
    const { validate, asked, pass } = setUp(() => gate.promise)
    const early = [validate('s'), validate('s'), validate('s')]
    pass(999)
    early.push(validate('s'))
    expect(asked).toHaveLength(1)
    pass(1)
    const late = [validate('s'), validate('s')]
    expect(asked).toHaveLength(2)
    gate.resolve(good)
    expect(await Promise.all([...early, ...late])).toEqual(Array(6).fill(good))
  })

  const limits = [{ name: 'burst', limit: 9, remaining: 8, resetSeconds: 60, windowSeconds: 60 }]
  const own: [string, Verdict][] = [
    ['a key with limits', { ...good, limits }],
    [
      'a key that is over its limits',
      { valid: false, code: 'RATE_LIMITED', keyId: 'k', limits, retryAfterSeconds: 60 },
    ],
    ['a key that is bound to addresses', { ...good, addressBound: true }],
  ]
  it.each(own)('asks for each request of %s, also of those that come at once', async (_, verdict) => {
    const { validate, asked } = setUp(() => verdict)
    const ask = (requestId: string) => validate('s', { requestId })
    expect(await Promise.all([ask('a'), ask('b'), ask('c')])).toEqual([verdict, verdict, verdict])
    expect(await Promise.all([ask('d'), ask('e')])).toEqual([verdict, verdict])
    expect(asked.map(({ requestId }) => requestId)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('remembers verdicts again once a key has no limits any more', async () => {
    let has = true
    const { validate, asked } = setUp(() => (has ? { ...good, limits } : good))
    await validate('s')
    has = false
    await validate('s')
    await validate('s')
    expect(asked).toHaveLength(2)
  })

  it('asks again after a failure, which all who waited are told of', async () => {
    let fails = true
    const { validate, asked } = setUp(() => (fails ? Promise.reject(new Error('away')) : good))
    const outcomes = await Promise.allSettled([validate('s'), validate('s')])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    fails = false
    expect(await validate('s')).toEqual(good)
    expect(asked).toHaveLength(2)
  })

  it('asks two emergency uses apart', async () => {
    const { validate, asked } = setUp()
    await Promise.all([validate('mty_emergency_x'), validate('mty_emergency_x')])
    expect(asked).toHaveLength(2)
  })

  it('keeps no more than it may, and forgets what was used least recently', async () => {
    const { validate, asked } = setUp(() => good, { maxEntries: 2 })
    for (const secret of ['a', 'b', 'a', 'c', 'a']) await validate(secret)
    expect(asked.map(({ key }) => key)).toEqual(['a', 'b', 'c'])
    await validate('b')
    expect(asked).toHaveLength(4)
  })

  it.each(['', 'x'.repeat(501)])('knows by itself what the API would not even read', async (secret) => {
    const { validate, asked } = setUp()
    expect(await validate(secret)).toEqual({ valid: false, code: 'MALFORMED' })
    expect(asked).toHaveLength(0)
  })

  it.each([5001, -1, 0.5, Number.NaN])('refuses a time to live of %d', (ttlMs) => {
    expect(() => setUp(() => good, { ttlMs })).toThrow('cache.ttlMs must be a whole number from 0 to 5000')
  })
})
