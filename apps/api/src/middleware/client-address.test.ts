import { readConfig } from '@momentry/shared/config.ts'
import { describe, expect, it } from 'vitest'
import { findClientAddress } from './client-address.ts'

const { isTrustedProxy } = readConfig({ TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1, 2001:db8:1::/48' })

describe('findClientAddress', () => {
  it.each<[string, string | undefined, string | undefined, string | undefined]>([
    ['no proxy', '203.0.113.7', undefined, '203.0.113.7'],
    ['an untrusted socket that claims to be another', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['a trusted proxy', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['a client that wrote the header itself', '10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['two trusted proxies', '10.0.0.1', '1.1.1.1, 198.51.100.1, 192.0.2.1', '198.51.100.1'],
    ['only trusted addresses', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
    ['nonsense in the header', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['an empty header', '10.0.0.1', '', '10.0.0.1'],
    ['a port', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['IPv6 with a port, from an IPv6 proxy', '2001:db8:1::5', '[2001:DB8::7]:80', '2001:db8::7'],
    ['IPv4 inside IPv6', '::ffff:10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['no socket', undefined, '198.51.100.1', undefined],
  ])('%s', (_, socket, header, expected) => {
    expect(findClientAddress(socket, header, isTrustedProxy)).toBe(expected)
  })
})
