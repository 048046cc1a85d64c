import { describe, expect, it } from 'vitest'
import { keyValue, maxValueLength } from './key-value.ts'
import type { AccessLogEntry } from './parse.ts'

function entry(fields: Partial<AccessLogEntry>): AccessLogEntry {
  return { host: 'h', ip: undefined, at: 0, method: 'GET', path: '/', status: 200, userAgent: 'ua', ...fields }
}

describe('keyValue', () => {
  it('gives the user agent as it is', () => {
    expect(keyValue(entry({ userAgent: 'curl/8.1' }), 'user-agent')).toBe('curl/8.1')
  })

  it.each([undefined, ' '])('gives - where the user agent is %j', (userAgent) => {
    expect(keyValue(entry({ userAgent }), 'user-agent')).toBe('-')
  })

  it('gives the client as the log names it', () => {
    expect(keyValue(entry({ host: 'crawler.example.com' }), 'host')).toBe('crawler.example.com')
  })

  it.each([
    ['/docs/a/b?c=d', '/docs'],
    ['/docs?x=/y', '/docs'],
    ['/docs#top', '/docs'],
    ['/', '/'],
    ['//x', '/'],
    ['http://example.com/docs/a', '/docs'],
    ['http://example.com', '/'],
    ['*', '*'],
    [undefined, '-'],
  ])('gives of the path %s the prefix %s', (path, prefix) => {
    expect(keyValue(entry({ path }), 'path-prefix')).toBe(prefix)
  })

  it('shows control characters instead of passing them on', () => {
    expect(keyValue(entry({ userAgent: 'a\u0000b\u001b[31m' }), 'user-agent')).toBe('a\\x00b\\x1b[31m')
  })

  it('shows characters that turn the direction of text, since no name may hold them', () => {
    expect(keyValue(entry({ userAgent: 'a\u202eb\u2066' }), 'user-agent')).toBe('a\\u{202e}b\\u{2066}')
  })

  it('bounds long values and keeps different ones different', () => {
    const first = keyValue(entry({ userAgent: `${'x'.repeat(400)}1` }), 'user-agent')
    const second = keyValue(entry({ userAgent: `${'x'.repeat(400)}2` }), 'user-agent')
    expect(first).toHaveLength(maxValueLength)
    expect(second).not.toBe(first)
  })
})
