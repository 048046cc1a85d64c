import { describe, expect, it } from 'vitest'
import { createAllowedHosts, hostOf } from './allowed-host.ts'

describe('createAllowedHosts', () => {
  const isAllowed = createAllowedHosts(['hooks.internal', 'hooks.internal:8080', '10.0.0.7:443', '[fd00::7]:8443'])
  const allows = (text: string) => isAllowed(new URL(text))

  it.each([
    'http://hooks.internal/',
    'https://hooks.internal/',
    'https://HOOKS.internal./x',
    'http://hooks.internal:8080/',
    'https://10.0.0.7/',
    'https://[fd00::7]:8443/',
    'https://[fd00:0:0::7]:8443/',
  ])('allows %s', (text) => expect(allows(text)).toBe(true))

  it.each([
    'http://hooks.internal:8081/',
    'http://hooks.internal:443/',
    'http://10.0.0.7/',
    'https://10.0.0.7:8443/',
    'https://[fd00::7]/',
    'https://evil.hooks.internal/',
    'https://hooks.internal.evil.example/',
    'https://hooks.internal@evil.example/',
  ])('does not allow %s', (text) => expect(allows(text)).toBe(false))

  it('takes an IPv6 address without brackets, as a connection has it', () => {
    expect(isAllowed({ protocol: 'https:', hostname: 'fd00::7', port: '8443' })).toBe(true)
  })
})

it('a place is named as the list would name it', () => {
  expect(hostOf(new URL('https://Hooks.internal.:443/'))).toBe('hooks.internal')
  expect(hostOf(new URL('https://[fd00::7]:8443/'))).toBe('[fd00::7]:8443')
})
