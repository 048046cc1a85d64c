import type { SMTPSentMessageInfo, Transporter } from 'nodemailer'
import type { Logger } from '../../platform/process/log.ts'
import type { Message, Sender, Sent } from '../sender.ts'
import { oneLine } from '../text/line.ts'
import { mailText } from '../text/mail.ts'
import { tellMessage } from '../text/tell-message.ts'
import { parseSmtpUrl } from './smtp-url.ts'

/** Whom mails are from. */
export interface Mailbox {
  name: string
  address: string
}

export interface EmailSenderDeps {
  /** `smtp://` or `smtps://`; undefined: no mail is sent. */
  smtpUrl: string | undefined
  from: Mailbox | undefined
  consoleUrl: string | undefined
  /** How long one mail may take, ms. */
  timeoutMs: number
  log: Logger
}

/**
 * Sends mails by an SMTP server. nodemailer is loaded by the first one. A mail counts as sent once the server took it for
 * one recipient at least, since the others would get it twice else; whom it refused is logged.
 */
export function createEmailSender({ smtpUrl, from, consoleUrl, timeoutMs, log }: EmailSenderDeps): Sender {
  let opened: Promise<Transporter<SMTPSentMessageInfo>> | undefined
  return {
    async send(message, signal) {
      const { target } = message.sink
      if (target.kind !== 'email') return { ok: false, error: 'this is no list of addresses' }
      if (smtpUrl === undefined || from === undefined)
        return { ok: false, error: 'SMTP_URL and ALERT_EMAIL_FROM are not set' }
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
      try {
        opened ??= openTransport(smtpUrl, timeoutMs)
        const transport = await opened
        const { rejected, response } = await transport.sendMail(mailOf(message, target.to, from, consoleUrl, bounded))
        if (rejected.length > 0)
          log.warn({ sink: message.sink.id, refused: rejected.length }, 'a mail was refused for some')
        return { ok: true, ...statusOf(Number(response.slice(0, 3))) }
      } catch (error) {
        return bounded.aborted ? { ok: false, error: 'it took too long' } : failed(error)
      }
    },
    async close() {
      ;(await opened)?.close()
    },
  }
}

async function openTransport(smtpUrl: string, timeoutMs: number): Promise<Transporter<SMTPSentMessageInfo>> {
  const { createTransport } = await import('nodemailer')
  const bounds = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs }
  // What stands in an alert is never a file or a URL to attach.
  return createTransport({ ...parseSmtpUrl(smtpUrl), ...bounds, disableFileAccess: true, disableUrlAccess: true })
}

function mailOf(
  message: Message,
  to: readonly string[],
  from: Mailbox,
  consoleUrl: string | undefined,
  signal: AbortSignal,
) {
  const [first] = message.alerts
  const domain = from.address.split('@').at(-1) ?? 'momentry'
  const { subject, text, html } = mailText(tellMessage(message, consoleUrl))
  return {
    from,
    // As objects, so that no address is read as a list of several.
    to: to.map((address) => ({ name: '', address })),
    subject,
    text,
    html,
    // The same at each attempt: mail servers and programs put two of one id together.
    messageId: `<${message.id}@${domain}>`,
    // What is about one anomaly makes one thread.
    ...(first && { references: `<alert-${first.alert.data.id}@${domain}>` }),
    headers: { 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' },
    signal,
  }
}

/** What the server says goes to people: it names the address that it refuses, and why. Of our own login it tells nothing. */
function failed(error: unknown): Sent {
  const { code, responseCode, response } = detailsOf(error)
  const reason = reasons[code] ?? 'the mail server could not be reached'
  const said = code === 'EAUTH' || response === '' ? '' : `: ${oneLine(response, 200)}`
  return { ok: false, ...statusOf(responseCode), error: `${reason}${said}` }
}

const reasons: Readonly<Record<string, string>> = {
  EAUTH: 'the mail server does not take our name and password',
  ENOAUTH: 'the mail server takes no password',
  EENVELOPE: 'the mail server takes none of the addresses',
  EMESSAGE: 'the mail server does not take the mail',
  ETLS: 'the mail server does not speak TLS as it should',
  ETIMEDOUT: 'the mail server took too long to answer',
  EDNS: 'the name of the mail server could not be looked up',
  EPROTOCOL: 'the mail server does not speak SMTP as it should',
  EMAXLIMIT: 'the mail server takes no more for now',
}

function detailsOf(error: unknown): { code: string; responseCode: number; response: string } {
  const read = (name: string): unknown => (error instanceof Error ? Reflect.get(error, name) : undefined)
  const [code, responseCode, response] = [read('code'), read('responseCode'), read('response')]
  return {
    code: typeof code === 'string' ? code : '',
    responseCode: typeof responseCode === 'number' ? responseCode : 0,
    response: typeof response === 'string' ? response : '',
  }
}

function statusOf(status: number): { status?: number } {
  return status >= 200 && status < 600 ? { status } : {}
}
