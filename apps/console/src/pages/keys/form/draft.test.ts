import { describe, expect, test } from 'vitest'
import type { Key } from '../../../api/keys/keys.ts'
import { draftIssues, draftOf, newDraft, toCreate, toUpdate } from './draft.ts'

const key: Key = {
  id: '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b',
  name: 'billing service',
  type: 'service',
  ownerId: 'team-payments',
  scopes: ['billing:read'],
  metadata: { team: 'payments' },
  policy: { onAnomaly: 'rotate' },
  enabled: true,
  status: 'active',
  secretVersion: 1,
  publicKey: null,
  nextRotationAt: null,
  expiresAt: null,
  throttledUntil: null,
  revokedAt: null,
  revokeReason: null,
  lastUsedAt: null,
  createdBy: null,
  createdAt: '2026-01-05T08:00:00.000Z',
  updatedAt: '2026-01-05T08:00:00.000Z',
}

describe('making a key', () => {
  test('sends only what was said', () => {
    expect(toCreate({ ...newDraft(), name: ' ci ', scopes: ['a:read'] })).toEqual({
      type: 'service',
      name: 'ci',
      scopes: ['a:read'],
    })
  })

  test('leaves a system key the scopes of its type', () => {
    expect(toCreate({ ...newDraft(), type: 'system', name: 'root' })).toEqual({ type: 'system', name: 'root' })
  })

  test('leaves out a policy whose parts say nothing', () => {
    const policy = { anomaly: {}, rateLimits: [], dryRun: undefined } as unknown as Key['policy']
    expect(toCreate({ ...newDraft(), name: 'ci', policy })).not.toHaveProperty('policy')
  })
})

describe('changing a key', () => {
  test('is nothing where nothing is different', () => {
    expect(toUpdate(key, draftOf(key))).toBeUndefined()
  })

  test('sends what is different, and takes away what was emptied', () => {
    expect(toUpdate(key, { ...draftOf(key), name: 'billing', metadata: '', policy: {} })).toEqual({
      name: 'billing',
      metadata: {},
      policy: {},
    })
  })
})

test('metadata has to be an object', () => {
  expect(draftIssues({ ...newDraft(), name: 'a', metadata: '[1]' })).toEqual({ metadata: 'This is not a JSON object' })
  expect(draftIssues({ ...newDraft(), name: 'a', metadata: '{"a":1}' })).toEqual({})
})
