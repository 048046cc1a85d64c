import { describe, expect, it } from 'vitest'
import type { Rotation } from '../../api/shapes/rotation.ts'
import { claimOf, graceOf } from './progress-of.ts'

const now = Date.UTC(2026, 0, 31, 12)
const at = '2026-01-31T14:30:00.000Z'
const rotation: Rotation = {
  ...{ id: '01990f0e-7d3a-7c3e-8a55-000000000001', keyId: '01990f0e-7d3a-7c3e-8a55-000000000002', keyName: 'a' },
  ...{ keyType: 'service', kind: 'manual', state: 'completed', createdAt: '2026-01-31T11:00:00.000Z' },
}

describe('graceOf', () => {
  it('says how long is left, or since when it is over', () => {
    expect(graceOf({ ...rotation, graceEndsAt: at }, now)).toBe(`until ${at} (2h 30m left)`)
    expect(graceOf({ ...rotation, graceEndsAt: '2026-01-31T11:00:00.000Z' }, now)).toMatch(/^over since .* \(1h ago\)$/)
    expect(graceOf({ ...rotation, state: 'queued', graceEndsAt: null }, now)).toBeUndefined()
  })
})

describe('claimOf', () => {
  it.each<[string | undefined, Partial<Rotation>]>([
    [undefined, { state: 'running' }],
    [`by the holder, ${at}`, { claimedAt: at, claimedBy: 'holder', claimable: true }],
    ['not yet', { claimable: true }],
    ['no need: it is in use', { claimable: false, firstUsedAt: at }],
    ['no, and it can no longer be', { claimable: false }],
  ])('says %s', (text, fields) => {
    expect(claimOf({ ...rotation, ...fields })).toBe(text)
  })
})
