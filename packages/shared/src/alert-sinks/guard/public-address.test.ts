import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './public-address.ts'

const byte = fc.integer({ min: 0, max: 255 })
const word = fc.integer({ min: 0, max: 0xffff })
const hex = (value: number) => value.toString(16)

/** IPv4 from a range that nobody may be sent to: its first bytes, then anything. */
const privateV4 = fc
  .oneof(
    ...[[10], [127], [0], [169, 254], [192, 168], [192, 0, 0], [192, 0, 2], [198, 51, 100], [203, 0, 113]].map((head) =>
      fc.array(byte, { minLength: 4 - head.length, maxLength: 4 - head.length }).map((rest) => [...head, ...rest]),
    ),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
    fc.tuple(fc.constant(198), fc.integer({ min: 18, max: 19 }), byte, byte),
    fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
  )
  .map(([a = 0, b = 0, c = 0, d = 0]): Bytes => [a, b, c, d])
type Bytes = [number, number, number, number]

/** All the ways in which an IPv4 address is written as a host, and as part of an IPv6 one. */
function spellings([a, b, c, d]: Bytes): string[] {
  const whole = ((a * 256 + b) * 256 + c) * 256 + d
  const [high, low] = [hex(a * 256 + b), hex(c * 256 + d)]
  const dotted = `${a}.${b}.${c}.${d}`
  return [
    dotted,
    String(whole),
    `0x${hex(whole)}`,
    `0${whole.toString(8)}`,
    [a, b, c, d].map((each) => `0x${hex(each)}`).join('.'),
    [a, b, c, d].map((each) => `0${each.toString(8)}`).join('.'),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `::ffff:${dotted}`,
    `::ffff:${high}:${low}`,
    `0:0:0:0:0:ffff:${high}:${low}`,
    `::${dotted}`,
    `::ffff:0:${high}:${low}`,
    `64:ff9b::${dotted}`,
    `64:ff9b::${high}:${low}`,
    `64:ff9b:1::${high}:${low}`,
    `2002:${high}:${low}::1`,
  ]
}

/** IPv6 that is not of the open Internet, by its first words. */
const privateV6 = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: 0xfc00, max: 0xffff }),
      fc.integer({ min: 0, max: 0x1fff }).filter((first) => first !== 0x64),
      fc.integer({ min: 0x4000, max: 0xfbff }),
      fc.constant(0x2002),
    ),
    fc.array(word, { minLength: 7, maxLength: 7 }),
  )
  .map(([first, rest]) => [first, ...rest].map(hex).join(':'))

describe('isPublicAddress', () => {
  it('refuses every private IPv4 address in all spellings', () => {
    fc.assert(
      fc.property(privateV4, (bytes) => {
        expect(spellings(bytes).filter(isPublicAddress)).toEqual([])
      }),
    )
  })

  it('refuses all of them as a URL has them, too', () => {
    fc.assert(
      fc.property(privateV4, (bytes) => {
        const hosts = spellings(bytes).map((text) => (text.includes(':') ? `[${text}]` : text))
        const read = hosts.flatMap((host) => URL.parse(`http://${host}/`)?.hostname ?? [])
        expect(read.map((host) => host.replace(/^\[|\]$/g, '')).filter(isPublicAddress)).toEqual([])
      }),
    )
  })

  it('refuses every IPv6 address that is not global unicast', () => {
    fc.assert(fc.property(privateV6, (text) => !isPublicAddress(text)))
  })

  it.each([
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    'fec0::1',
    '100::1',
    '2001:db8::1',
    '2001::1',
    '2001:2::1',
    '2001:10::1',
    '3fff::1',
    '5f00::1',
    '255.255.255.255',
    '192.88.99.1',
    'localhost',
    'example.com',
    '',
    '1.2.3.4.5',
    '1.2.3.4:80',
    '[2606:4700::1]',
  ])('refuses %s', (text) => {
    expect(isPublicAddress(text)).toBe(false)
  })

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '169.253.1.1',
    '192.167.1.1',
    '2606:4700::1111',
    '2a00:1450:4001::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ])('takes %s', (text) => {
    expect(isPublicAddress(text)).toBe(true)
  })

  it('says nothing else of an IPv4 address than of the same within IPv6', () => {
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), (bytes) => {
        const [first, ...others] = [bytes.join('.'), `::ffff:${bytes.join('.')}`, `64:ff9b::${bytes.join('.')}`].map(
          isPublicAddress,
        )
        expect(others).toEqual([first, first])
        if (first) expect(ipaddr.process(bytes.join('.')).range()).toBe('unicast')
      }),
    )
  })
})
