import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeSecret, keyStatus, type SecretState } from './status.ts'

const live: SecretState = { enabled: true, expiresAt: undefined, revokedAt: undefined, graceEndsAt: undefined }
const now = 1_000_000

describe('judgeSecret', () => {
  it.each<[string, Partial<SecretState>, string]>([
    ['a live key', {}, 'VALID'],
    ['a key that expires later', { expiresAt: now + 1 }, 'VALID'],
    ['a key that expires now', { expiresAt: now }, 'EXPIRED'],
    ['a secret within its grace', { graceEndsAt: now + 1 }, 'VALID'],
    ['a secret whose grace ends now', { graceEndsAt: now }, 'ROTATED'],
    ['a disabled key', { enabled: false }, 'DISABLED'],
    ['a revoked key', { revokedAt: now - 1 }, 'REVOKED'],
    ['a key revoked by a clock ahead of this one', { revokedAt: now + 5000 }, 'REVOKED'],
    ['all at once', { enabled: false, expiresAt: 1, graceEndsAt: 1, revokedAt: 1 }, 'REVOKED'],
    ['expired, disabled and superseded', { enabled: false, expiresAt: 1, graceEndsAt: 1 }, 'ROTATED'],
    ['expired and disabled', { enabled: false, expiresAt: 1 }, 'EXPIRED'],
  ])('%s', (_, change, expected) => {
    expect(judgeSecret({ ...live, ...change }, now)).toBe(expected)
  })

  it('never makes a secret good again as time goes on', () => {
    const moment = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined })
    const state = fc.record({ enabled: fc.boolean(), expiresAt: moment, revokedAt: moment, graceEndsAt: moment })
    const times = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
    fc.assert(
      fc.property(state, times, (given, [a, b]) => {
        const earlier = judgeSecret(given, Math.min(a, b))
        const later = judgeSecret(given, Math.max(a, b))
        return earlier === 'VALID' || later !== 'VALID'
      }),
    )
  })
})

describe('keyStatus', () => {
  it.each<[Partial<SecretState>, string]>([
    [{}, 'active'],
    [{ enabled: false }, 'disabled'],
    [{ enabled: false, expiresAt: now }, 'expired'],
    [{ expiresAt: now, revokedAt: now }, 'revoked'],
  ])('%j is %s', (change, expected) => {
    expect(keyStatus({ ...live, ...change }, now)).toBe(expected)
  })
})
