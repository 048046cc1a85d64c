import { describe, expect, it } from 'vitest'
import { judgeOrigin, requireOwnPage } from './own-page.ts'

const host = 'momentry.example'
const judge = (headers: Record<string, string>, secure = false) =>
  judgeOrigin({ method: 'POST', secure, header: (name) => ({ host, ...headers })[name] })

describe('judgeOrigin', () => {
  it('believes what the browser says of the site', () => {
    for (const site of ['same-origin', 'none']) expect(judge({ 'sec-fetch-site': site })).toBe('own')
    for (const site of ['same-site', 'cross-site', '', 'x'])
      expect(judge({ 'sec-fetch-site': site, origin: `https://${host}` })).toBe('other')
  })

  it('compares the origin with the host where the browser says no more', () => {
    for (const origin of [`http://${host}`, `https://${host}`, `https://${host}:443`, `https://${host.toUpperCase()}`])
      expect(judge({ origin }), origin).toBe('own')
    for (const origin of [
      'null',
      '',
      'https://evil.example',
      `https://sub.${host}`,
      `https://${host}:8443`,
      `file://${host}`,
    ])
      expect(judge({ origin }), origin).toBe('other')
    expect(judge({ host: '[::1]:8080', origin: 'http://[::1]:8080' })).toBe('own')
  })

  it('takes a page without TLS for another one where the request came by TLS', () => {
    expect(judge({ origin: `http://${host}` }, true)).toBe('other')
    expect(judge({ origin: `https://${host}` }, true)).toBe('own')
  })

  it('does not know where nothing says it', () => expect(judge({})).toBe('unknown'))
})

describe('requireOwnPage', () => {
  const ask = (method: string, headers: Record<string, string>, needsHeader = true) =>
    requireOwnPage({ method, secure: false, header: (name) => ({ host, ...headers })[name] }, { needsHeader })
  const ours = { 'x-momentry-console': '1' }

  it('lets through what changes nothing', () => {
    for (const method of ['GET', 'HEAD']) expect(() => ask(method, { 'sec-fetch-site': 'cross-site' })).not.toThrow()
  })

  it('wants both the header and the origin of what changes something', () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'FOO']) {
      expect(() => ask(method, { ...ours, 'sec-fetch-site': 'same-origin' })).not.toThrow()
      expect(() => ask(method, { ...ours, origin: `http://${host}` })).not.toThrow()
      for (const headers of [
        {},
        ours,
        { 'sec-fetch-site': 'same-origin' },
        { ...ours, 'x-momentry-console': '0', 'sec-fetch-site': 'same-origin' },
        { ...ours, 'sec-fetch-site': 'same-site' },
        { ...ours, 'sec-fetch-site': 'cross-site' },
        { ...ours, origin: 'https://evil.example' },
      ])
        expect(() => ask(method, headers), `${method} ${JSON.stringify(headers)}`).toThrow()
    }
  })

  it('does without the header where the page is not ours', () => {
    expect(() => ask('PUT', { 'sec-fetch-site': 'same-origin' }, false)).not.toThrow()
    expect(() => ask('PUT', {}, false)).toThrow()
  })
})
