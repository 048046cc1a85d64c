import type { SMTPSentMessageInfo, Transporter } from 'nodemailer'
import type { Logger } from '../../platform/process/log.ts'
import type { Message, Sender } from '../sender.ts'
import { mailText } from '../text/mail.ts'
import { tellMessage } from '../text/tell-message.ts'
import { parseSmtpUrl } from './smtp-url.ts'
import { statusOf, tellMailFailure } from './tell-mail-failure.ts'

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
  const closing = new AbortController()
  let opened: Promise<Transporter<SMTPSentMessageInfo>> | undefined
  return {
    async send(message, signal) {
      const { target } = message.sink
      if (target.kind !== 'email') return { ok: false, error: 'this is no list of addresses' }
      if (smtpUrl === undefined || from === undefined)
        return { ok: false, error: 'SMTP_URL and ALERT_EMAIL_FROM are not set' }
      const bounded = AbortSignal.any([signal, closing.signal, AbortSignal.timeout(timeoutMs)])
      try {
        opened ??= openTransport(smtpUrl, timeoutMs)
        const transport = await opened
        const { rejected, response } = await transport.sendMail(mailOf(message, target.to, from, consoleUrl, bounded))
        if (rejected.length > 0)
          log.warn({ sink: message.sink.id, refused: rejected.length }, 'a mail was refused for some')
        return { ok: true, ...statusOf(Number(response.slice(0, 3))) }
      } catch (error) {
        if (closing.signal.aborted) return { ok: false, error: 'Momentry stops' }
        return bounded.aborted ? { ok: false, error: 'it took too long' } : tellMailFailure(error)
      }
    },
    async close() {
      closing.abort()
      await opened?.then((transport) => transport.close())
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
