import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { hideSecrets, holdsSecret } from '../platform/hide-secrets.ts'
import { keyTypes } from './kinds.ts'
import { hashSecret, makeSecret, parseSecret } from './secret.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const decode = (text: string) =>
  Array.from(text).reduce((sum, character) => sum * 62n + BigInt(alphabet.indexOf(character)), 0n)

describe('makeSecret', () => {
  it.each(keyTypes)('makes a secret of type %s that parses as one', (type) => {
    const made = makeSecret(type)
    expect(made.secret).toMatch(new RegExp(`^mty_${type}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$`))
    expect(parseSecret(made.secret)).toBe(type)
  })

  it('ends with the CRC-32 of all that precedes it', () => {
    const { secret } = makeSecret('service')
    expect(decode(secret.slice(-6))).toBe(BigInt(crc32(secret.slice(0, -6))))
  })

  it('carries the bits of two version-4 UUIDs', () => {
    const { secret } = makeSecret('user')
    const hex = decode(secret.slice('mty_user_'.length, -7)).toString(16).padStart(64, '0')
    for (const uuid of [hex.slice(0, 32), hex.slice(32)]) {
      expect(uuid[12]).toBe('4')
      expect('89ab').toContain(uuid[16])
    }
  })

  it('never makes the same secret twice', () => {
    const made = new Set(Array.from({ length: 1000 }, () => makeSecret('user').secret))
    expect(made.size).toBe(1000)
  })

  it('gives the SHA-256 and the four characters before the checksum', () => {
    const made = makeSecret('system')
    expect(made.digest).toEqual(createHash('sha256').update(made.secret).digest())
    expect(hashSecret(made.secret)).toEqual(made.digest)
    expect(made.hint).toBe(made.secret.slice(-11, -7))
  })
})

describe('parseSecret', () => {
  it('refuses every single changed character', () => {
    const { secret } = makeSecret('integration')
    for (let at = 0; at < secret.length; at++) {
      const changed = secret[at] === 'x' ? 'y' : 'x'
      expect(parseSecret(secret.slice(0, at) + changed + secret.slice(at + 1))).toBeUndefined()
    }
  })

  it.each(['', 'mty_', 'mty_other_', 'Bearer x', `${makeSecret('user').secret}\n`, ` ${makeSecret('user').secret}`])(
    'refuses %j',
    (text) => {
      expect(parseSecret(text)).toBeUndefined()
    },
  )

  it('refuses a type that was changed to another', () => {
    const { secret } = makeSecret('user')
    expect(parseSecret(secret.replace('mty_user_', 'mty_system_'))).toBeUndefined()
  })
})

describe('hideSecrets', () => {
  it('leaves nothing of a secret in a text', () => {
    const { secret } = makeSecret('emergency')
    const text = `before ${secret} and ${secret}after`
    expect(holdsSecret(text)).toBe(true)
    expect(hideSecrets(text)).toBe('before mty_[redacted] and mty_[redacted]after')
    expect(holdsSecret(hideSecrets(text))).toBe(false)
  })
})
