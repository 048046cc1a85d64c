import { z } from 'zod'
import { type KeyType, keyTypes } from '../keys/kinds.ts'
import { parseAddressRanges } from '../platform/address-range.ts'
import { isCronPattern } from './cron-pattern.ts'

export const integer = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback)

export const share = (fallback: number) =>
  z
    .string()
    .regex(/^\d*\.?\d+$/, 'must be a number between 0 and 1')
    .transform(Number)
    .pipe(z.number().gt(0).lte(1))
    .default(fallback)

/** 32 bytes in base64. */
const masterKey = /^[A-Za-z0-9+/]{43}=$/

/** Master keys, comma-separated: the first one seals, all of them open. */
export const masterKeys = z.string().transform((text, context): [string, ...string[]] => {
  const [first = '', ...others] = text.split(',').map((part) => part.trim())
  if ([first, ...others].every((key) => masterKey.test(key))) return [first, ...others]
  const message = 'must be 32 bytes in base64 (make one: openssl rand -base64 32), or several, comma-separated'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** Reads master keys from a text that is none of the environment's. @throws ZodError, without the text */
export function parseMasterKeys(text: string): [string, ...string[]] {
  return masterKeys.parse(text)
}

/** `service=7776000,integration=2592000`: seconds by type of key. */
export const intervalsByType = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(',').filter((part) => part.trim() !== '')
    const parsed = entries.map((entry) => /^\s*([a-z]+)\s*=\s*(\d{2,9})\s*$/.exec(entry))
    const intervals: Partial<Record<KeyType, number>> = {}
    for (const match of parsed) {
      const type = keyTypes.find((known) => known === match?.[1])
      if (type && type !== 'emergency' && Number(match?.[2]) >= 60) intervals[type] = Number(match?.[2])
    }
    if (Object.keys(intervals).length === entries.length) return intervals
    context.addIssue({
      code: 'custom',
      message: 'must be like service=7776000,user=2592000: seconds (60 or more) by type of key, but emergency',
    })
    return z.NEVER
  })

/** Numbers of seconds, comma-separated, in descending order. */
export const descendingSeconds = (fallback: string) =>
  z
    .string()
    .regex(/^\d{1,9}(,\d{1,9})*$/, 'must be seconds, comma-separated')
    .default(fallback)
    .transform((text) => [...new Set(text.split(',').map(Number))].sort((a, b) => b - a))

/** Hosts, comma-separated: `hooks.example.com`, `hooks.example.com:8443`. */
export const hosts = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim().toLowerCase()))
  .transform((parts) => parts.filter(Boolean))
  .refine((parts) => parts.every((part) => /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/.test(part)), {
    message: 'must be hosts, comma-separated: hooks.example.com, hooks.example.com:8443',
  })

/** The Standard Webhooks specification wants 24 to 64 bytes, in base64, behind this prefix. */
export const webhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, 'must be whsec_ and 24 to 64 bytes in base64')

/** Of an account on another system, for the command line. */
export const accountText = z.string().max(4000).optional()

export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })

/** Where another system is. A URL is no place for credentials, and a query would get lost. */
export const serverUrl = httpUrl
  .refine((text) => isBareUrl(text), 'must hold no user name, password, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''))

/** The base URL of the pages; with or without their own path, `/console`. */
export const consoleUrl = serverUrl.transform((text) => text.replace(/\/console$/, ''))

/** `smtp://name:password@mail.example.com:587`; `?requireTLS=false` is all that may follow. */
export const smtpUrl = z
  .url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// URL' })
  .refine((text) => isSmtpUrl(text), 'must hold a host, and nothing behind it but ?requireTLS=true or false')

function isSmtpUrl(text: string): boolean {
  const { hostname, pathname, search, hash } = new URL(text)
  return hostname !== '' && /^\/?$/.test(pathname) && /^(\?requireTLS=(true|false))?$/.test(search) && hash === ''
}

/** Whom mails are from: `alerts@example.com`, `Momentry <alerts@example.com>`. */
export const mailbox = z
  .string()
  .max(320)
  .transform((text, context) => {
    const [, name = '', inner, bare] = /^(?:([^<>\p{Cc}]*?)\s*<([^<>\s]+)>|([^<>\s]+))$/u.exec(text.trim()) ?? []
    const address = z.email().safeParse(inner ?? bare)
    if (address.success) return { name: name.replace(/^"(.*)"$/, '$1'), address: address.data }
    context.addIssue({ code: 'custom', message: 'must be alerts@example.com, or Momentry <alerts@example.com>' })
    return z.NEVER
  })

function isBareUrl(text: string): boolean {
  const { username, password, search, hash } = new URL(text)
  return [username, password, search, hash].every((part) => part === '')
}

/** Gives what tells whether an address is one of those in a comma-separated list, or in a range of it. */
export const addressRanges = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(',').map((part) => part.trim())
    const isInRanges = parseAddressRanges(entries.filter(Boolean))
    if (isInRanges) return isInRanges
    context.addIssue({ code: 'custom', message: 'must be addresses or CIDR ranges, comma-separated' })
    return z.NEVER
  })

/** A cron pattern of five or six fields, in UTC; `off` for never. */
export const cronPattern = z
  .string()
  .refine((text) => text === 'off' || isCronPattern(text), 'must be a cron pattern such as 0 2 * * *, or off')

/** `name=value,name=value`, values as in a URL: headers as OpenTelemetry writes them. */
export const otlpHeaders = z
  .string()
  .default('')
  .transform((text, context) => {
    const parts = text.split(',').filter((part) => part.trim() !== '')
    const pairs = parts.flatMap((part) => {
      const [, name = '', value = ''] =
        /^\s*([A-Za-z0-9!#$&'*+.^_|~-]{1,100})\s*=\s*([!-~ ]{0,4000}?)\s*$/.exec(part) ?? []
      const decoded = decodeOrNothing(value)
      return name === '' || decoded === undefined ? [] : [[name, decoded] as const]
    })
    if (pairs.length === parts.length) return Object.fromEntries(pairs)
    context.addIssue({
      code: 'custom',
      message: 'must be headers, comma-separated: authorization=Bearer%20abc,x-team=ops',
    })
    return z.NEVER
  })

function decodeOrNothing(value: string): string | undefined {
  try {
    const decoded = decodeURIComponent(value)
    return /^[\t -~]*$/.test(decoded) ? decoded : undefined
  } catch {
    return undefined
  }
}
