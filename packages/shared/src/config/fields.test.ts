import { describe, expect, it } from 'vitest'
import { consoleUrl, mailbox, smtpUrl } from './fields.ts'

describe('mailbox', () => {
  it.each([
    ['alerts@example.com', { name: '', address: 'alerts@example.com' }],
    ['<alerts@example.com>', { name: '', address: 'alerts@example.com' }],
    ['Momentry <alerts@example.com>', { name: 'Momentry', address: 'alerts@example.com' }],
    ['"Momentry, EU" <alerts@example.com>', { name: 'Momentry, EU', address: 'alerts@example.com' }],
    ['Überwachung <a.b+c@mail.example.com>', { name: 'Überwachung', address: 'a.b+c@mail.example.com' }],
  ])('%s', (text, expected) => {
    expect(mailbox.parse(text)).toEqual(expected)
  })

  it.each([
    'alerts',
    'a@example.com, b@example.com',
    'a <b@example.com> c',
    'Momentry\r\nBcc: eve@evil.example <a@example.com>',
    'a@example.com\nb@example.com',
    `${'x'.repeat(400)} <a@example.com>`,
    '',
  ])('is not %j', (text) => {
    expect(mailbox.safeParse(text).success).toBe(false)
  })
})

describe('smtpUrl', () => {
  it.each(['smtp://mail.example.com', 'smtps://u:p@mail.example.com:465/', 'smtp://u:p@[::1]?requireTLS=false'])(
    'takes %s',
    (text) => expect(smtpUrl.parse(text)).toBe(text),
  )
  it.each([
    'http://mail.example.com',
    'mail.example.com:25',
    'smtp://mail.example.com?tls.rejectUnauthorized=false',
    'smtp://mail.example.com/path',
    'smtp://mail.example.com#x',
    'smtp://',
  ])('does not take %s', (text) => expect(smtpUrl.safeParse(text).success).toBe(false))
})

it('the console is named with its path or without', () => {
  expect(consoleUrl.parse('https://momentry.example.com/')).toBe('https://momentry.example.com')
  expect(consoleUrl.parse('https://example.com/momentry/console/')).toBe('https://example.com/momentry')
  expect(consoleUrl.safeParse('https://u:p@example.com').success).toBe(false)
})
