import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeSecret, keyStatus, type SecretState } from './status.ts'

/** Times are few, so that they are often equal and often one apart. */
const moment = fc.integer({ min: 0, max: 20 })
const maybe = fc.option(moment, { nil: undefined })
const state: fc.Arbitrary<SecretState> = fc.record({
  enabled: fc.boolean(),
  expiresAt: maybe,
  revokedAt: maybe,
  graceEndsAt: maybe,
})
const check = <T>(values: fc.Arbitrary<T>, hold: (value: T, now: number) => void) =>
  fc.assert(fc.property(values, moment, hold), { numRuns: 5000 })

describe('a secret', () => {
  it('is good just while its key is and its grace lasts', () => {
    check(state, (given, now) => {
      const { enabled, revokedAt, expiresAt = Number.POSITIVE_INFINITY, graceEndsAt = Number.POSITIVE_INFINITY } = given
      const isGood = enabled && revokedAt === undefined && now < expiresAt && now < graceEndsAt
      expect(judgeSecret(given, now) === 'VALID').toBe(isGood)
    })
  })

  it('says of a current version what the key says, and of an older one that or ROTATED', () => {
    const codes = { active: 'VALID', disabled: 'DISABLED', expired: 'EXPIRED', revoked: 'REVOKED' }
    check(state, (given, now) => {
      const code = codes[keyStatus(given, now)]
      expect(judgeSecret({ ...given, graceEndsAt: undefined }, now)).toBe(code)
      expect([code, 'ROTATED']).toContain(judgeSecret(given, now))
    })
  })

  it('of a revoked key is REVOKED, whatever else is so, and whenever the revocation was noted', () => {
    check(fc.tuple(state, moment), ([given, revokedAt], now) => {
      expect(judgeSecret({ ...given, revokedAt }, now)).toBe('REVOKED')
      expect(keyStatus({ ...given, revokedAt }, now)).toBe('revoked')
    })
  })
})

/** What can be done to a key and its superseded secret: all but undoing a revocation, or reviving a grace that is over. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('enabled' as const), to: fc.boolean() }),
  fc.record({ kind: fc.constant('expiresAt' as const), to: maybe }),
  fc.record({ kind: fc.constant('revoke' as const) }),
  fc.record({ kind: fc.constant('grace' as const), to: moment }),
  fc.record({ kind: fc.constant('wait' as const), by: fc.integer({ min: 0, max: 4 }) }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

function apply(given: SecretState, step: Change, now: number): SecretState {
  if (step.kind === 'enabled') return { ...given, enabled: step.to }
  if (step.kind === 'expiresAt') return { ...given, expiresAt: step.to }
  if (step.kind === 'revoke') return { ...given, revokedAt: given.revokedAt ?? now }
  const runs = given.graceEndsAt === undefined || now < given.graceEndsAt
  return step.kind === 'grace' && runs ? { ...given, graceEndsAt: Math.max(now, step.to) } : given
}

describe('over any life', () => {
  it('ROTATED can only become REVOKED, and REVOKED nothing else', () => {
    check(fc.tuple(state, fc.array(change, { maxLength: 15 })), ([first, steps]) => {
      let given = first
      let now = 0
      let before = judgeSecret(given, now)
      for (const step of steps) {
        given = apply(given, step, now)
        if (step.kind === 'wait') now += step.by
        const after = judgeSecret(given, now)
        if (before === 'REVOKED') expect(after).toBe('REVOKED')
        if (before === 'ROTATED') expect(['ROTATED', 'REVOKED']).toContain(after)
        before = after
      }
    })
  })

  it('time alone makes nothing better: a status only moves to a more final one', () => {
    const order = ['VALID', 'DISABLED', 'EXPIRED', 'ROTATED', 'REVOKED']
    check(fc.tuple(state, moment), ([given, later], now) => {
      const [from, to] = [Math.min(now, later), Math.max(now, later)]
      const rank = (at: number) => order.indexOf(judgeSecret(given, at))
      expect(rank(to)).toBeGreaterThanOrEqual(rank(from))
    })
  })
})
