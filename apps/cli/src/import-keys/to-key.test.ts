import { expect, it } from 'vitest'
import { toKey } from './to-key.ts'

it.each([
  [
    { digest: 'd', name: 'n' },
    { digest: 'd', name: 'n' },
  ],
  [
    { sha256: 'd', owner: 'me', meta: { a: 1 } },
    { digest: 'd', ownerId: 'me', metadata: { a: 1 }, name: 'imported d' },
  ],
  [
    { hash: { value: 'd', variant: 'sha256_base64' }, externalId: 'me', name: 'n' },
    { digest: 'd', ownerId: 'me', name: 'n' },
  ],
  [
    { hash: { value: 'd', variant: 'bcrypt' }, name: 'n' },
    { digest: 'of an unknown kind: bcrypt', name: 'n' },
  ],
  [
    { digest: 'd', name: 'n', expires_at: 1_893_456_000_000 },
    { digest: 'd', name: 'n', expiresAt: '2030-01-01T00:00:00.000Z' },
  ],
  [
    { digest: 'd', name: 'n', createdAt: '2025-01-01 10:00:00+00' },
    { digest: 'd', name: 'n', createdAt: '2025-01-01T10:00:00.000Z' },
  ],
  [
    { digest: 'd', name: 'n', ownerId: null, strange: 1 },
    { digest: 'd', name: 'n', strange: 1 },
  ],
])('%j becomes %j', (fields, key) => {
  expect(toKey(fields, {})).toEqual(key)
})

it('gives what a line does not say itself', () => {
  const defaults = { type: 'user', prefix: 'sk_', ownerId: 'all', scopes: ['a:read'] }
  expect(toKey({ digest: 'd', name: 'n', ownerId: 'me', scopes: [] }, defaults)).toEqual({
    ...{ digest: 'd', name: 'n', type: 'user', prefix: 'sk_', ownerId: 'me', scopes: [] },
  })
})
