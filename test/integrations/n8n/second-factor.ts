import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { N8nTarget } from './suite.ts'

const stepMs = 30_000
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The one-time code of now (RFC 6238). @param secret in base 32 (RFC 4648) */
function codeOf(secret: string): string {
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / stepMs)))
  const mac = createHmac('sha1', key).update(step).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0')
}

/** Turns the second factor of a real account on. @returns what makes its one-time codes */
export async function turnOnSecondFactor({ url, email, password }: N8nTarget): Promise<() => string> {
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    })
  const { headers } = await post('/rest/login', { emailOrLdapLoginId: email, password })
  const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const shown = await (await fetch(`${url}/rest/mfa/qr`, { headers: { cookie } })).json()
  const { secret } = z.object({ data: z.object({ secret: z.string() }) }).parse(shown).data
  const { status } = await post('/rest/mfa/enable', { mfaCode: codeOf(secret) }, cookie)
  if (status !== 200) throw new Error(`n8n turned no second factor on: ${status}`)
  return () => codeOf(secret)
}
