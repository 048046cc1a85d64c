import { describe, expect, it } from 'vitest'
import { mergePolicy } from './merge.ts'

const limit = (name: string, requests: number) => ({ name, requests, windowSeconds: 60 })

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

  it('changes limits one by one, and takes them away', () => {
    const limited = { rateLimits: [limit('a', 1), limit('b', 2)], quota: { requests: 5, refill: 'daily' } }
    const merge = (options: Parameters<typeof mergePolicy>[1]) => mergePolicy({ dryRun: true, ...limited }, options)
    const to = (name: string, requests: number) => ({ name, window: { requests, windowSeconds: 60 } })
    expect(merge({ rateLimit: [to('a', 9), to('c', 3)] })).toEqual({
      ...{ dryRun: true, quota: limited.quota },
      rateLimits: [limit('a', 9), limit('b', 2), limit('c', 3)],
    })
    expect(merge({ rateLimit: [{ name: 'a' }] })?.['rateLimits']).toEqual([limit('b', 2)])
    expect(merge({ rateLimits: false, quota: 'none' })).toEqual({ dryRun: true })
    expect(merge({ rateLimits: false, rateLimit: [to('c', 3)] })?.['rateLimits']).toEqual([limit('c', 3)])
    expect(merge({ allowAddress: ['192.0.2.1'], onLeak: 'revoke' })).toEqual({
      ...{ dryRun: true, ...limited },
      ...{ allowedAddresses: ['192.0.2.1'], onLeak: 'revoke' },
    })
    expect(mergePolicy({ allowedAddresses: ['192.0.2.1'] }, { anyAddress: true })).toEqual({})
  })

  it('leaves no empty rotation behind', () => {
    expect(mergePolicy({ rotation: { graceSeconds: 60 } }, { grace: 'default' })).toEqual({})
    expect(mergePolicy({}, { grace: 0 })).toEqual({ rotation: { graceSeconds: 0 } })
  })
})
