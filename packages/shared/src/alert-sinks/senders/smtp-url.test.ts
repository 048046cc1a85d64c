import { expect, it } from 'vitest'
import { parseSmtpUrl } from './smtp-url.ts'

it.each([
  ['smtp://mail.example.com', { host: 'mail.example.com', secure: false, requireTLS: false }],
  [
    'smtp://a%40b.c:p%3Aw@mail.example.com:587',
    { host: 'mail.example.com', port: 587, secure: false, requireTLS: true, auth: { user: 'a@b.c', pass: 'p:w' } },
  ],
  [
    'smtps://u:p@mail.example.com',
    { host: 'mail.example.com', secure: true, requireTLS: false, auth: { user: 'u', pass: 'p' } },
  ],
  [
    'smtp://u:p@127.0.0.1:25?requireTLS=false',
    { host: '127.0.0.1', port: 25, secure: false, requireTLS: false, auth: { user: 'u', pass: 'p' } },
  ],
  ['smtp://[::1]:2525?requireTLS=true', { host: '::1', port: 2525, secure: false, requireTLS: true }],
])('%s', (url, options) => {
  expect(parseSmtpUrl(url)).toEqual(options)
})
