import ipaddr from 'ipaddr.js'
import { z } from 'zod'

/** Names that the answers use for what is no rate limit. */
const reserved: readonly string[] = ['quota', 'throttle']

const maxRequests = 1_000_000_000
/** Thirty days: what is longer is a quota. */
const maxWindowSeconds = 2_592_000

const rateLimitSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'must be 1 to 40 of a-z 0-9 _ -, and begin with a letter or a digit')
    .refine((name) => !reserved.includes(name), `must not be ${reserved.join(' or ')}`)
    .meta({ example: 'burst' }),
  requests: z.int().min(1).max(maxRequests),
  windowSeconds: z.int().min(1).max(maxWindowSeconds),
})

/** So many requests within each of several windows. */
export const rateLimitsSchema = z
  .array(rateLimitSchema)
  .max(10)
  .superRefine((limits, context) => {
    const names = limits.map(({ name }) => name)
    for (const [index, name] of names.entries())
      if (names.indexOf(name) < index)
        context.addIssue({ code: 'custom', message: 'must have a name of its own', path: [index, 'name'] })
  })
  .meta({
    description: 'A request needs room in each of these windows. A window begins with the first request in it',
    example: [{ name: 'burst', requests: 100, windowSeconds: 60 }],
  })

export const quotaRefills = ['daily', 'monthly'] as const

/** So many requests in a day or a month of the calendar. */
export const quotaSchema = z
  .strictObject({
    requests: z.int().min(1).max(maxRequests),
    refill: z.enum(quotaRefills).meta({ description: 'At midnight UTC, or at midnight UTC of the first of a month' }),
  })
  .meta({ description: 'So many requests until it is full again', example: { requests: 10_000, refill: 'daily' } })

/** What an anomaly slows a key down to. */
export const throttleSchema = z
  .strictObject({
    requestsPerMinute: z.int().min(1).max(1_000_000).optional().meta({ description: '60 unless told otherwise' }),
    forSeconds: z.int().min(1).max(maxWindowSeconds).optional().meta({ description: '900 unless told otherwise' }),
  })
  .meta({ description: 'What `onAnomaly: throttle` does' })

/** From where a key may be used: addresses and CIDR ranges, each in its one form, so that what is read is what is meant. */
export const allowedAddressesSchema = z
  .array(z.string().max(50).superRefine(refuseOtherForms))
  .max(100)
  .meta({
    description: 'Addresses and CIDR ranges from which alone the key may be used; none: from anywhere',
    example: ['203.0.113.0/24', '2001:db8::/32'],
  })

export type RateLimit = z.infer<typeof rateLimitSchema>
export type QuotaPolicy = z.infer<typeof quotaSchema>
export type ThrottlePolicy = z.infer<typeof throttleSchema>
export type QuotaRefill = (typeof quotaRefills)[number]

function refuseOtherForms(text: string, context: z.RefinementCtx): void {
  const form = canonicalRange(text)
  if (form === text) return
  const message = form === undefined ? 'must be an address or a CIDR range' : `must be written ${form}`
  context.addIssue({ code: 'custom', message })
}

/** Gives an address or a range in its one form, a range by its first address; undefined for what is neither. */
function canonicalRange(text: string): string | undefined {
  if (ipaddr.isValid(text) && !text.includes('%')) return ipaddr.process(text).toString()
  if (!ipaddr.isValidCIDR(text)) return undefined
  const [address, bits] = ipaddr.parseCIDR(text)
  // Addresses are compared as IPv4 where they are IPv4 inside IPv6, so such a range would hold none.
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96)
    return canonicalRange(`${address.toIPv4Address().toString()}/${bits - 96}`)
  const network = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6
  return `${network.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`
}
