import { describe, expect, it } from 'vitest'
import type { ValidationCode } from '../status.ts'
import { sampleRecord } from './record/record.sample.ts'
import type { SecretRecord } from './record/record.ts'
import { sightingOf } from './sighting.ts'

const now = 1_800_000_000_000
const hour = 3_600_000
const rotation = { id: '019a2b3c-5555-7000-8000-000000000005', at: now - hour }

function see(change: Partial<SecretRecord>, code: ValidationCode = 'VALID') {
  return sightingOf({ ...sampleRecord, ...change }, code, now, true)
}

describe('sightingOf', () => {
  it('sees nothing in everyday use', () => {
    expect(see({})).toBeUndefined()
    expect(see({}, 'INSUFFICIENT_SCOPE')).toBeUndefined()
    expect(see({}, 'EXPIRED')).toBeUndefined()
  })

  it('tells versions apart where a key was rotated lately, and old secrets always', () => {
    expect(see({ rotation, version: 2, currentVersion: 2 })).toMatchObject({ version: 2, rotationId: rotation.id })
    const longAgo = { ...rotation, at: now - 72 * hour }
    expect(see({ rotation: longAgo, version: 2, currentVersion: 2 })).toBeUndefined()
    expect(see({ rotation: longAgo, version: 1, currentVersion: 2 })).toMatchObject({ version: 1, alarm: undefined })
  })

  it.each<[string, Partial<SecretRecord>, ValidationCode, string | undefined]>([
    ['a revoked secret', {}, 'REVOKED', 'revoked'],
    ['a secret that was rotated out', { currentVersion: 2 }, 'ROTATED', 'rotated'],
    ['an emergency key', { type: 'emergency' }, 'VALID', 'emergency'],
    ['an emergency key that lacks a scope', { type: 'emergency' }, 'INSUFFICIENT_SCOPE', 'emergency'],
    ['an emergency key that was revoked', { type: 'emergency' }, 'REVOKED', 'revoked'],
    ['an emergency key that has expired', { type: 'emergency' }, 'EXPIRED', undefined],
  ])('raises the alarm of %s', (_, change, code, alarm) => {
    expect(see(change, code)?.alarm).toBe(alarm)
  })

  it('tells one use from another', () => {
    expect(see({ type: 'emergency' })?.useId).not.toBe(see({ type: 'emergency' })?.useId)
  })
})
