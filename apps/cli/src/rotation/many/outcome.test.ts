import { describe, expect, it } from 'vitest'
import { asDocument, isAllWell, type Outcome, sumUp } from './outcome.ts'

const rotation = (state: string, error: string | null) => ({
  ...{ id: '01990f0e-7d3a-7c3e-8a55-000000000001', keyId: '01990f0e-7d3a-7c3e-8a55-000000000002', keyName: 'a' },
  ...{ keyType: 'service', kind: 'manual', createdAt: '2026-01-31T12:00:00.000Z', state, error },
})

const done: Outcome = { keyId: 'k1', keyName: 'a', rotationId: 'r1', rotation: rotation('completed', null) }
const failed: Outcome = { keyId: 'k2', keyName: 'b', rotationId: 'r2', rotation: rotation('failed', 'no way') }
const queued: Outcome = { keyId: 'k3', keyName: 'c', rotationId: 'r3' }
const refused: Outcome = { keyId: 'k4', keyName: 'd', refusal: 'busy (ROTATION_IN_PROGRESS)' }

describe('sumUp', () => {
  it('counts what was queued and refused, and what came of it where that was waited for', () => {
    expect(sumUp([queued, refused], false)).toEqual({ queued: 1, refused: 1, completed: undefined, failed: undefined })
    expect(sumUp([done, failed, refused], true)).toEqual({ queued: 2, refused: 1, completed: 1, failed: 1 })
  })

  it('is well only where nothing was refused and nothing failed', () => {
    expect([[queued], []].map((outcomes) => isAllWell(sumUp(outcomes, false)))).toEqual([true, true])
    expect([[done], [done, failed]].map((outcomes) => isAllWell(sumUp(outcomes, true)))).toEqual([true, false])
    expect(isAllWell(sumUp([queued, refused], false))).toBe(false)
  })
})

describe('asDocument', () => {
  it('names each key, with its rotation or the reason why there is none', () => {
    expect(asDocument([done, failed, queued, refused])).toEqual({
      queued: [
        { keyId: 'k1', keyName: 'a', rotationId: 'r1', state: 'completed', error: null },
        { keyId: 'k2', keyName: 'b', rotationId: 'r2', state: 'failed', error: 'no way' },
        { keyId: 'k3', keyName: 'c', rotationId: 'r3' },
      ],
      refused: [{ keyId: 'k4', keyName: 'd', reason: 'busy (ROTATION_IN_PROGRESS)' }],
    })
  })
})
