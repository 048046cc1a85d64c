import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { normalizeAddress } from './address.ts'

const octet = fc.oneof(fc.nat(300).map(String), fc.constantFrom('00', '01', '010', '0x7f', '256', '-1', ''))
const likeIpv4 = fc.array(octet, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'))

describe('normalizeAddress', () => {
  it('gives the form of the library, whatever is written', () => {
    const written = fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), likeIpv4, fc.string())
    fc.assert(
      fc.property(written, (text) => {
        const bare = text.split('%')[0] ?? ''
        expect(normalizeAddress(text)).toBe(ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : undefined)
      }),
    )
  })

  it('knows an IPv4 address inside IPv6, and leaves out a zone', () => {
    expect(normalizeAddress('::ffff:203.0.113.7')).toBe('203.0.113.7')
    expect(normalizeAddress('FE80::1%eth0')).toBe('fe80::1')
    expect(normalizeAddress(undefined)).toBeUndefined()
  })
})
