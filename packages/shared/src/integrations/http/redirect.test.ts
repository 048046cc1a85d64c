import { describe, expect, it } from 'vitest'
import { readRedirect } from './redirect.ts'

const from = new URL('https://git.example/api/v1/user?page=1')

describe('readRedirect', () => {
  it('knows what is none', () => {
    expect(readRedirect(from, 200, '/x').kind).toBe('none')
    expect(readRedirect(from, 302, null).kind).toBe('none')
  })

  it('lets through what stays at home', () => {
    expect(readRedirect(from, 302, '/login')).toMatchObject({ url: new URL('https://git.example/login') })
    expect(readRedirect(from, 308, 'https://git.example:443/a').kind).toBe('same-origin')
  })

  it.each([
    ['another host', 'https://evil.example/', 'evil.example'],
    ['another port', 'https://git.example:8443/', 'git.example:8443'],
    ['no TLS', 'http://git.example/', 'git.example'],
    ['a host without a scheme', '//evil.example/', 'evil.example'],
    ['a name before the host', 'https://git.example@evil.example/', 'evil.example'],
    ['a user at home', 'https://ada:x@git.example/', 'git.example'],
    ['no URL', 'https://', 'nowhere'],
    ['no host', 'data:,x', 'nowhere'],
  ])('refuses %s', (_, location, host) => {
    expect(readRedirect(from, 307, location)).toEqual({ kind: 'refused', host })
  })
})
