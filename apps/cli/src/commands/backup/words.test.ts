import { expect, it } from 'vitest'
import { showBytes } from './words.ts'

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_403_112, '1.4 MB'],
  [7.5e12, '7.5 TB'],
  [9e15, '9000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(showBytes(bytes)).toBe(text)
})
