import { expect, it } from 'vitest'
import { changesOf } from './changes.ts'

it('gives what differs first, and fields that lie deeper by their way', () => {
  const before = { name: 'a', policy: { rotation: { graceSeconds: 60 } }, scopes: ['x'] }
  const after = { name: 'a', policy: { rotation: { graceSeconds: 120 } }, scopes: ['x', 'y'] }
  expect(changesOf({ before, after })).toEqual([
    { field: 'policy.rotation.graceSeconds', before: '60', after: '120' },
    { field: 'scopes', before: '["x"]', after: '["x","y"]' },
    { field: 'name', before: 'a', after: 'a' },
  ])
})

it('gives one side where the other is not there', () => {
  expect(changesOf({ before: null, after: { id: '1' } })).toEqual([{ field: 'id', before: undefined, after: '1' }])
  expect(changesOf({ before: null, after: null })).toEqual([])
})
