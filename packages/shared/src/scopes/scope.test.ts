import { describe, expect, it } from 'vitest'
import { holdsScope, missingScopes, scopeSchema } from './scope.ts'

describe('holdsScope', () => {
  it.each([
    [['*'], 'keys:read', true],
    [['*'], '*', true],
    [['keys:*'], 'keys:read', true],
    [['keys:*'], 'keys:*', true],
    [['keys:*'], 'keys:read:own', true],
    [['a:*'], 'a:b:*', true],
    [['keys:read'], 'keys:read', true],
    [['keys:*'], 'keys', false],
    [['keys:*'], 'keysmith:read', false],
    [['keys:*'], '*', false],
    [['keys:read'], 'keys:*', false],
    [['keys:read'], 'keys:write', false],
    [['keys'], 'keys:read', false],
    [[], 'keys:read', false],
  ])('%j holds %s: %s', (held, wanted, expected) => {
    expect(holdsScope(held, wanted)).toBe(expected)
  })
})

describe('missingScopes', () => {
  it('names what is not held', () => {
    expect(missingScopes(['keys:*', 'usage:write'], ['keys:read', 'audit:read', '*'])).toEqual(['audit:read', '*'])
  })
})

describe('scopeSchema', () => {
  it.each(['*', 'keys', 'keys:read', 'keys:*', 'a.b-c_d:1'])('takes %s', (scope) => {
    expect(scopeSchema.safeParse(scope).success).toBe(true)
  })
  it.each(['', ':', 'keys:', 'Keys:read', 'keys read', '**', 'ke*s', 'keys:*:read', 'x'.repeat(101)])(
    'refuses %j',
    (scope) => {
      expect(scopeSchema.safeParse(scope).success).toBe(false)
    },
  )
})
