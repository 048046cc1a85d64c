import { tellFailure } from '../../integrations/http/tell-failure.ts'
import type { Sent } from '../sender.ts'
import { oneLine } from '../text/line.ts'

const reasons: Readonly<Record<string, string>> = {
  EAUTH: 'the mail server does not take our name and password',
  ENOAUTH: 'the mail server takes no password',
  EENVELOPE: 'the mail server takes none of the addresses',
  EMESSAGE: 'the mail server does not take the mail',
  ETLS: 'the mail server does not speak TLS as it should',
  ETIMEDOUT: 'the mail server took too long to answer',
  EPROTOCOL: 'the mail server does not speak SMTP as it should',
  EMAXLIMIT: 'the mail server takes no more for now',
}

/**
 * Says why a mail was not sent, from what nodemailer threw. What the server said goes along, since it names the address
 * that it refuses, and why; but not what it said of our own name and password.
 */
export function tellMailFailure(error: unknown): Sent {
  const read = (name: string): unknown => (error instanceof Error ? Reflect.get(error, name) : undefined)
  const [code, response, originalCode] = ['code', 'response', 'originalCode'].map((name) => textOf(read(name)))
  const said = code === 'EAUTH' || !response ? '' : `: ${oneLine(response, 200)}`
  return {
    ok: false,
    ...statusOf(read('responseCode')),
    error: `${reasons[code ?? ''] ?? `the mail server cannot be reached: ${reasonOf(originalCode)}`}${said}`,
  }
}

/** Gives a reply's code (RFC 5321) where it is one. */
export function statusOf(status: unknown): { status?: number } {
  return typeof status === 'number' && status >= 200 && status < 600 ? { status } : {}
}

function reasonOf(code = ''): string {
  return tellFailure(Object.assign(new Error('smtp'), { code })).reason
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
