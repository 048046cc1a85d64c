import { once } from 'node:events'
import { createServer } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, it } from 'vitest'
import { certificate } from '../../support/remote/certificate.ts'
import { anomalyAlert, messageTo, noSignal, testSenders } from './messages.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

interface Mail {
  mail: ParsedMail
  raw: string
  from: string
  to: string[]
  secure: boolean
  user: string | undefined
}

/** A real SMTP server. */
async function startMailServer(options: SMTPServerOptions = {}) {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    disableReverseLookup: true,
    ...certificate,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks).toString('utf8')
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          mail: await simpleParser(raw),
          raw,
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user,
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  open.push({ close })
  return { mails, port }
}

function begin(smtpUrl: string | undefined, timeoutMs = 5_000) {
  const from = { name: 'Momentry, EU', address: 'alerts@momentry.example' }
  const senders = testSenders({ smtpUrl, emailFrom: smtpUrl === undefined ? undefined : from, timeoutMs })
  open.unshift(senders)
  return senders.email.send
}

const target = { kind: 'email' as const, to: ['ada@example.com', 'grace@example.com'] }
/** Without TLS: nothing here vouches for a certificate. */
const plain: SMTPServerOptions = { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }

it('a mail tells what happened, in text and in HTML, with a link', async () => {
  const { mails, port } = await startMailServer(plain)
  const alert = anomalyAlert({ keyName: 'billing <b>&amp;' })
  const message = messageTo(target, [alert])
  expect(await begin(`smtp://127.0.0.1:${port}`)(message, noSignal())).toEqual({ ok: true, status: 250 })
  const [{ mail, from, to } = { mail: {} as ParsedMail, from: '', to: [] }] = mails
  expect({ from, to }).toEqual({ from: 'alerts@momentry.example', to: target.to })
  expect(mail.from?.value).toEqual([{ name: 'Momentry, EU', address: 'alerts@momentry.example' }])
  expect(mail.subject).toBe('[Momentry] high: high_request_rate on billing <b>&amp;')
  expect(mail.messageId).toBe(`<${message.id}@momentry.example>`)
  expect(mail.references).toBe(`<alert-${alert.data.id}@momentry.example>`)
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
  const link = `https://momentry.example.com/console/anomalies/${alert.data.id}`
  expect(mail.text).toContain('1204 requests within 60 s, where at most 1000 are expected')
  expect(mail.text).toContain(link)
  expect(mail.html).toContain(`<a href="${link}">`)
  expect(mail.html).toContain('billing &lt;b&gt;&amp;amp;')
  expect(mail.html).not.toContain('<b>')
})

it('no name brings in a header, a recipient or a part', async () => {
  const { mails, port } = await startMailServer(plain)
  const evil = 'x\r\nBcc: eve@evil.example\r\n\r\n<script>alert(1)</script>\r\n.\r\nMAIL FROM:<eve@evil.example>'
  const message = messageTo(target, [anomalyAlert({ keyName: evil, explanation: evil, rule: evil })])
  expect(await begin(`smtp://127.0.0.1:${port}`)(message, noSignal())).toMatchObject({ ok: true })
  expect(mails).toHaveLength(1)
  const [{ mail, to } = { mail: {} as ParsedMail, to: [] }] = mails
  expect(to).toEqual(target.to)
  expect(mail.bcc).toBeUndefined()
  expect([...mail.headers.keys()].filter((name) => name === 'bcc')).toEqual([])
  expect(mail.attachments).toEqual([])
  expect(mail.html).not.toContain('<script')
})

it('several alerts become one mail, a test another', async () => {
  const { mails, port } = await startMailServer(plain)
  const send = begin(`smtp://127.0.0.1:${port}`)
  await send(
    messageTo(target, [anomalyAlert(), anomalyAlert({ severity: 'critical', keyName: 'ci' })], { omitted: 4 }),
    noSignal(),
  )
  await send(messageTo(target, [], { test: true }), noSignal())
  expect(mails.map(({ mail }) => mail.subject)).toEqual([
    '[Momentry] critical: high_request_rate on ci, and 5 more',
    '[Momentry] Test of the alert sink on call',
  ])
  expect(mails[0]?.mail.text).toContain('4 more alerts are in the alert log.')
})

it('a name and a password are given, once the connection is safe', async () => {
  const login: SMTPServerOptions = {
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss' ? done(null, { user: username ?? '' }) : done(new Error('Invalid username or password')),
  }
  const clear = await startMailServer({ ...plain, ...login })
  const url = (password: string, more = '') => `smtp://ops%40example.com:${password}@127.0.0.1:${clear.port}${more}`
  // The server has no TLS: the password stays here, unless it is said that it may go.
  expect(await begin(url('p%40ss'))(messageTo(target), noSignal())).toMatchObject({
    ok: false,
    error: expect.stringContaining('TLS'),
  })
  expect(clear.mails).toEqual([])
  expect(await begin(url('p%40ss', '?requireTLS=false'))(messageTo(target), noSignal())).toMatchObject({ ok: true })
  expect(clear.mails[0]?.user).toBe('ops@example.com')
  const wrong = await begin(url('secret-of-ours', '?requireTLS=false'))(messageTo(target), noSignal())
  expect(wrong).toEqual({ ok: false, status: 535, error: 'the mail server does not take our name and password' })
})

it('a certificate that nobody vouches for ends it', async () => {
  const { mails, port } = await startMailServer()
  expect(await begin(`smtp://127.0.0.1:${port}`)(messageTo(target), noSignal())).toMatchObject({
    ok: false,
    error: 'the mail server cannot be reached: its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
  })
  expect(mails).toEqual([])
})

it('a server that refuses some gets the mail to the others; one that refuses all is told of', async () => {
  const refuse = (no: readonly string[]): SMTPServerOptions => ({
    ...plain,
    onRcptTo: ({ address }, _session, done) =>
      done(no.includes(address) ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null),
  })
  const some = await startMailServer(refuse(['ada@example.com']))
  expect(await begin(`smtp://127.0.0.1:${some.port}`)(messageTo(target), noSignal())).toMatchObject({ ok: true })
  expect(some.mails[0]?.to).toEqual(['grace@example.com'])
  const all = await startMailServer(refuse(target.to))
  expect(await begin(`smtp://127.0.0.1:${all.port}`)(messageTo(target), noSignal())).toEqual({
    ok: false,
    status: 550,
    error: 'the mail server takes none of the addresses: 550 no such user',
  })
})

it('a server that says nothing, or is not there, is given up', async () => {
  const silent = createServer(() => undefined)
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const send = begin(`smtp://127.0.0.1:${port}`, 300)
  expect(await send(messageTo(target), noSignal())).toMatchObject({
    ok: false,
    error: expect.stringContaining('too long'),
  })
  silent.close()
  expect(await send(messageTo(target), noSignal())).toEqual({
    ok: false,
    error: 'the mail server cannot be reached: connection refused',
  })
})

it('without a mail server it says what to set', async () => {
  expect(await begin(undefined)(messageTo(target), noSignal())).toEqual({
    ok: false,
    error: 'SMTP_URL and ALERT_EMAIL_FROM are not set',
  })
})
