import { expect, it } from 'vitest'
import { lockoutSubject } from './subject.ts'

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['::1', '::/64'],
  ['unix', undefined],
  ['', undefined],
])('%s counts as %s', (address, subject) => {
  expect(lockoutSubject(address)).toBe(subject)
})
