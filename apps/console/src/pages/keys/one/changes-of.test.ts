import { expect, test } from 'vitest'
import { changesOf } from './changes-of.ts'

test('says only what is different', () => {
  expect(changesOf({ name: 'a', scopes: ['x'], updatedAt: '1' }, { name: 'b', scopes: ['x'], updatedAt: '2' })).toEqual(
    ['name: a → b'],
  )
})

test('says what a new thing is, and what was taken away', () => {
  expect(changesOf(null, { enabled: true })).toEqual(['enabled: true'])
  expect(changesOf({ expiresAt: '2030' }, { expiresAt: null })).toEqual(['expiresAt: 2030 → none'])
})
