import { expect, it } from 'vitest'
import { readAddress } from './address.ts'

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['unknown', undefined],
  ['203.0.113.7:8080', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads the address %s as %s', (text, address) => {
  expect(readAddress(text)).toBe(address)
})
