import { describe, expect, it } from 'vitest'
import { prepareAddresses, prepareLimits, problemTypeOf, windowsAt } from './limits.ts'
import { periodAt } from './period.ts'
import { allowedAddressesSchema, quotaSchema, rateLimitsSchema } from './schemas.ts'

const burst = { name: 'burst', requests: 100, windowSeconds: 60 }

describe('prepareLimits', () => {
  it('gives nothing for a key without limits', () => {
    expect(prepareLimits({ throttle: { requestsPerMinute: 5 } }, undefined)).toBeUndefined()
  })

  it('puts a window on top while an anomaly slows the key down', () => {
    const limits = prepareLimits({ rateLimits: [burst] }, 1000)
    const plain = { name: 'burst', limit: 100, windowMs: 60_000 }
    if (!limits) throw new Error('there are limits')
    expect(windowsAt(limits, 999)).toEqual([plain, { name: 'throttle', limit: 60, windowMs: 60_000 }])
    expect(windowsAt(limits, 1000)).toEqual([plain])
  })

  it('names the abnormal use where that is what the key is over', () => {
    expect(problemTypeOf({ violated: ['burst', 'throttle'] })).toMatch(/#abnormal-usage-detected$/)
    expect(problemTypeOf({ violated: ['quota'] })).toMatch(/#quota-exceeded$/)
  })
})

describe('prepareAddresses', () => {
  it('binds a key to what its policy names', () => {
    expect(prepareAddresses([])).toBeUndefined()
    const isAllowed = prepareAddresses(['203.0.113.0/24', '2001:db8::/32'])
    const asked = ['203.0.113.9', '203.0.114.1', '2001:db8::1', '2001:db9::1']
    expect(asked.map((address) => isAllowed?.(address))).toEqual([true, false, true, false])
    expect(prepareAddresses(['nonsense'])?.('203.0.113.9')).toBe(false)
  })
})

describe('periodAt', () => {
  it.each([
    ['daily', '2028-02-29T23:59:59.999Z', '2028-02-29', '2028-03-01'],
    ['daily', '2026-12-31T00:00:00.000Z', '2026-12-31', '2027-01-01'],
    ['monthly', '2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01'],
    ['monthly', '2026-02-01T00:00:00.000Z', '2026-02-01', '2026-03-01'],
  ] as const)('%s at %s: from %s to %s', (refill, at, start, end) => {
    expect(periodAt(refill, Date.parse(at))).toEqual({ start: Date.parse(start), end: Date.parse(end) })
  })
})

describe('the schemas of limits', () => {
  it.each([
    ['two of one name', [burst, burst]],
    ['the name of the quota', [{ ...burst, name: 'quota' }]],
    ['a name that no header can carry', [{ ...burst, name: 'a"b' }]],
    ['no room at all', [{ ...burst, requests: 0 }]],
    ['a window without length', [{ ...burst, windowSeconds: 0 }]],
    ['eleven', Array.from({ length: 11 }, (_, n) => ({ ...burst, name: `w${n}` }))],
  ])('refuse rate limits with %s', (_, limits) => {
    expect(rateLimitsSchema.safeParse(limits).success).toBe(false)
  })

  it('refuse a quota that is never full again', () => {
    expect(quotaSchema.safeParse({ requests: 1, refill: 'never' }).success).toBe(false)
  })

  it.each([
    ['10.0.0.1/8', 'must be written 10.0.0.0/8'],
    ['2001:DB8::/32', 'must be written 2001:db8::/32'],
    ['::ffff:192.0.2.1', 'must be written 192.0.2.1'],
    ['::ffff:192.0.2.0/120', 'must be written 192.0.2.0/24'],
    ['127.1', 'must be written 127.0.0.1'],
    ['010.0.0.1', 'must be written 8.0.0.1'],
    ['fe80::1%eth0', 'must be an address or a CIDR range'],
    ['10.0.0.0/33', 'must be an address or a CIDR range'],
    ['example.com', 'must be an address or a CIDR range'],
  ])('refuse the address %s: %s', (address, message) => {
    expect(allowedAddressesSchema.safeParse([address]).error?.issues[0]?.message).toBe(message)
  })

  it('take what is in its one form', () => {
    const addresses = ['192.0.2.1', '10.0.0.0/8', '0.0.0.0/0', '2001:db8::/32', '::/0', '::1']
    expect(allowedAddressesSchema.parse(addresses)).toEqual(addresses)
    expect(allowedAddressesSchema.safeParse(Array(101).fill('192.0.2.1')).success).toBe(false)
  })
})
