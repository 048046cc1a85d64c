import { describe, expect, it } from 'vitest'
import { createKeySchema, listKeysSchema, reasonSchema, updateKeySchema } from './schemas.ts'
import { makeSecret } from './secret.ts'

const good = { type: 'service', name: 'billing' }
const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) })

describe('createKeySchema', () => {
  it('takes the least and the most', () => {
    expect(createKeySchema.safeParse(good).success).toBe(true)
    const most = {
      ...good,
      name: 'n'.repeat(300),
      ownerId: 'o'.repeat(200),
      scopes: Array.from({ length: 100 }, (_, index) => `s${index}`),
      metadata: { deep: nested(4), text: '\\u0000 as text, ünï 😀' },
      policy: { anomaly: { requestsPerMinute: 5 } },
      expiresAt: '2099-01-01T00:00:00+02:00',
    }
    expect(createKeySchema.parse(most).expiresAt).toEqual(new Date('2098-12-31T22:00:00Z'))
  })

  it('names each scope once', () => {
    expect(createKeySchema.parse({ ...good, scopes: ['a', 'b', 'a'] }).scopes).toEqual(['a', 'b'])
  })

  it.each<[string, object]>([
    ['an unknown field', { admin: true }],
    ['an unknown type', { type: 'root' }],
    ['an empty name', { name: '' }],
    ['a blank name', { name: ' \u00a0' }],
    ['a blank owner', { ownerId: ' ' }],
    ['a name whose direction is turned', { name: 'a\u202ecod.exe' }],
    ['an owner with an isolate', { ownerId: 'a\u2066b' }],
    ['a name that is too long', { name: 'n'.repeat(301) }],
    ['a NUL', { name: 'a\0b' }],
    ['a terminal escape', { name: 'a\u001b[2Jb' }],
    ['half a surrogate pair', { name: 'a\ud800b' }],
    ['a secret in the name', { name: `x ${makeSecret('user').secret}` }],
    ['a secret in the metadata', { metadata: { deep: [makeSecret('user').secret] } }],
    ['metadata that is no object', { metadata: ['a'] }],
    ['metadata that is too deep', { metadata: nested(6) }],
    ['metadata that is very deep', { metadata: { a: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) } }],
    ['metadata that is too long', { metadata: { a: 'x'.repeat(8192) } }],
    ['metadata with a NUL', { metadata: { a: 'x\0' } }],
    ['metadata with half a surrogate pair', { metadata: { 'a\udc00': 1 } }],
    ['101 scopes', { scopes: Array.from({ length: 101 }, (_, index) => `s${index}`) }],
    ['a time without a zone', { expiresAt: '2099-01-01T00:00:00' }],
    ['a day that does not exist', { expiresAt: '2099-02-30T00:00:00Z' }],
    ['a policy that is not known', { policy: { surprise: 1 } }],
  ])('refuses %s', (_, change) => {
    expect(createKeySchema.safeParse({ ...good, ...change }).success).toBe(false)
  })
})

describe('updateKeySchema', () => {
  it('refuses a change of nothing, of the type and of the owner', () => {
    for (const change of [{}, { type: 'user' }, { ownerId: 'x' }])
      expect(updateKeySchema.safeParse(change).success).toBe(false)
  })
  it('takes null as "no expiry"', () => {
    expect(updateKeySchema.parse({ expiresAt: null })).toEqual({ expiresAt: null })
  })
})

describe('listKeysSchema', () => {
  it('reads a query string', () => {
    expect(listKeysSchema.parse({ limit: '20', status: 'active' })).toEqual({
      limit: 20,
      status: 'active',
      sort: 'createdAt',
    })
    expect(listKeysSchema.parse({})).toEqual({ limit: 50, sort: 'createdAt' })
  })
  it.each([{ limit: '0' }, { limit: '201' }, { limit: 'x' }, { sort: 'secret' }, { status: 'gone' }, { page: '2' }])(
    'refuses %j',
    (query) => {
      expect(listKeysSchema.safeParse(query).success).toBe(false)
    },
  )
})

describe('reasonSchema', () => {
  it.each(['', ' ', 'a\u2069b', 'a\nb'])('refuses %j', (reason) => {
    expect(reasonSchema.safeParse(reason).success).toBe(false)
  })
})
