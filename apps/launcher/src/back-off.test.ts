import { expect, test } from 'vitest'
import { backOffMs } from './back-off.ts'

test('waits half a second, then twice as long each time, and never longer than ten seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 100].map(backOffMs)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000])
})
