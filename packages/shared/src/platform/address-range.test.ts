import { describe, expect, it } from 'vitest'
import { parseAddressRanges } from './address-range.ts'

describe('parseAddressRanges', () => {
  it('tells what is in the ranges, by each kind of address', () => {
    const isIn = parseAddressRanges(['10.0.0.0/8', '192.0.2.1', '2001:db8:1::/48'])
    const addresses = [
      '10.255.0.1',
      '11.0.0.1',
      '192.0.2.1',
      '192.0.2.2',
      '::ffff:10.0.0.1',
      '2001:db8:1::5',
      '2001:db8:2::5',
    ]
    expect(addresses.filter((address) => isIn?.(address))).toEqual([
      '10.255.0.1',
      '192.0.2.1',
      '::ffff:10.0.0.1',
      '2001:db8:1::5',
    ])
  })

  it.each(['10.0.0.0/33', 'garbage', '10.0.0.1:80'])('reads no list that holds %s', (entry) => {
    expect(parseAddressRanges(['192.0.2.1', entry])).toBeUndefined()
  })
})
