import { describe, expect, it } from 'vitest'
import { mergePolicy } from './merge.ts'

const policy = {
  anomaly: { ipsPerHour: 9 },
  rotation: { intervalSeconds: 86_400, graceSeconds: 60 },
  onAnomaly: 'rotate',
  dryRun: true,
}

describe('mergePolicy', () => {
  it('gives nothing where nothing is asked for', () => {
    expect(mergePolicy(policy, {})).toBeUndefined()
  })

  it('changes what is asked for and leaves the rest', () => {
    expect(mergePolicy(policy, { rotateEvery: 3600, minSeverity: 'critical', dryRun: false })).toEqual({
      ...policy,
      rotation: { intervalSeconds: 3600, graceSeconds: 60 },
      minimumSeverity: 'critical',
      dryRun: false,
    })
    expect(mergePolicy(policy, { onAnomaly: 'none' })).toEqual({ ...policy, onAnomaly: 'none' })
  })

  it('tells "never" from "what the type has"', () => {
    expect(mergePolicy(policy, { rotateEvery: 'never' })?.['rotation']).toEqual({
      intervalSeconds: null,
      graceSeconds: 60,
    })
    expect(mergePolicy(policy, { rotateEvery: 'default' })?.['rotation']).toEqual({ graceSeconds: 60 })
    expect(mergePolicy(policy, { grace: 'default' })?.['rotation']).toEqual({ intervalSeconds: 86_400 })
  })

  it('leaves no empty rotation behind', () => {
    expect(mergePolicy({ rotation: { graceSeconds: 60 } }, { grace: 'default' })).toEqual({})
    expect(mergePolicy({}, { grace: 0 })).toEqual({ rotation: { graceSeconds: 0 } })
  })
})
