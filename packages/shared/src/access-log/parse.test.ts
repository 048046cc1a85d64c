import { describe, expect, it } from 'vitest'
import { type AccessLogEntry, maxLineLength, parseAccessLogLine } from './parse.ts'

const common = '203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET /a/b?c=d HTTP/1.1" 200 1234'

function entryOf(line: string): AccessLogEntry {
  const parsed = parseAccessLogLine(line)
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.entry
}

function reasonOf(line: string): string {
  const parsed = parseAccessLogLine(line)
  if (parsed.ok) throw new Error('the line was read')
  return parsed.reason
}

describe('parseAccessLogLine', () => {
  it('reads the common format', () => {
    expect(entryOf(common)).toEqual({
      host: '203.0.113.7',
      ip: '203.0.113.7',
      at: Date.UTC(2015, 4, 17, 10, 5, 3),
      method: 'GET',
      path: '/a/b?c=d',
      status: 200,
      userAgent: undefined,
    })
  })

  it('reads the combined format', () => {
    expect(entryOf(`${common} "http://example.com/" "curl/8.1 (x; y)"`).userAgent).toBe('curl/8.1 (x; y)')
  })

  it('passes over fields after the combined format, such as those of nginx `main`', () => {
    expect(entryOf(`${common} "-" "curl/8.1" "198.51.100.2" 0.004`).userAgent).toBe('curl/8.1')
  })

  it('undoes escapes in quoted fields', () => {
    expect(entryOf(String.raw`${common} "-" "a \"b\" c\\d \xc3\xa9"`).userAgent).toBe('a "b" c\\d é')
  })

  it('takes an escaped backslash before the closing quote for what it is', () => {
    expect(entryOf(String.raw`${common} "-" "ends in \\"`).userAgent).toBe('ends in \\')
  })

  it.each(['""', '"-"'])('has no user agent where the log says %s', (field) => {
    expect(entryOf(`${common} "-" ${field}`).userAgent).toBeUndefined()
  })

  it('reads IPv6 clients', () => {
    expect(entryOf(common.replace('203.0.113.7', '2001:db8::1')).ip).toBe('2001:db8::1')
  })

  it.each(['crawler.example.com', '999.1.1.1', 'fe80::1%eth0'])('has no address for the client %s', (host) => {
    const entry = entryOf(common.replace('203.0.113.7', host))
    expect([entry.host, entry.ip]).toEqual([host, undefined])
  })

  it('reads a user name with spaces', () => {
    expect(entryOf(common.replace('- - [', '- jane doe [')).status).toBe(200)
  })

  it.each(['-', '', String.raw`\x16\x03\x01`, 'GET'])('counts a request whose request line is "%s"', (request) => {
    const entry = entryOf(common.replace('GET /a/b?c=d HTTP/1.1', request))
    expect([entry.method, entry.path, entry.status]).toEqual([undefined, undefined, 200])
  })

  it.each([
    ['+0200', Date.UTC(2015, 4, 17, 8, 5, 3)],
    ['-0730', Date.UTC(2015, 4, 17, 17, 35, 3)],
  ])('takes the time zone %s into account', (zone, at) => {
    expect(entryOf(common.replace('+0000', zone)).at).toBe(at)
  })

  it('reads a leap second', () => {
    expect(entryOf(common.replace('17/May/2015:10:05:03', '30/Jun/2015:23:59:60')).at).toBe(Date.UTC(2015, 6, 1))
  })

  it.each([
    '31/Feb/2015:10:05:03 +0000',
    '17/Mai/2015:10:05:03 +0000',
    '17/May/2015:24:05:03 +0000',
    '17/May/2015:10:05:61 +0000',
    '17/May/2015:10:05:03',
    '17/May/2015:10:05:03 +2500',
    '00/May/2015:10:05:03 +0000',
  ])('refuses the time %s', (time) => {
    expect(reasonOf(common.replace('17/May/2015:10:05:03 +0000', time))).toMatch(/time/)
  })

  it.each(['000', '-', '999', '20x'])('refuses the status %s', (status) => {
    expect(reasonOf(common.replace(' 200 ', ` ${status} `))).toMatch(/status/)
  })

  it.each([
    ['no closing quote', `${common} "-" "Mozilla/5.0 (compatible`],
    ['a referrer without a user agent', `${common} "-"`],
    ['something after the common format', `${common} 17`],
    ['an unfinished line', common.slice(0, 60)],
    ['an empty line', ''],
    ['JSON', '{"status":200}'],
  ])('refuses %s', (_name, line) => {
    expect(reasonOf(line)).toMatch(/format/)
  })

  it.each(['access.log\0\0\0', '\u001b[2J', '\u007f'])(
    'refuses the control characters in %j, as a binary has them',
    (text) => {
      expect(reasonOf(`${text}${common} "-" "x"`)).toMatch(/control characters/)
      expect(reasonOf(`${common} "-" "${text}"`)).toMatch(/control characters/)
    },
  )

  it('reads a tab in a user agent', () => {
    expect(entryOf(`${common} "-" "a\tb"`).userAgent).toBe('a\tb')
  })

  it('refuses a line that is too long', () => {
    expect(reasonOf(`${common} "-" "${'x'.repeat(maxLineLength)}"`)).toMatch(/longer than/)
  })
})
