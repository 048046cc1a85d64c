import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSeal } from './seal.ts'

const [old, next] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]
const sealed = createSeal([old]).seal('text', 'place')

describe('createSeal', () => {
  it('opens what it sealed, in its place alone', () => {
    expect(createSeal([old]).open(sealed, 'place')).toBe('text')
    expect(() => createSeal([old]).open(sealed, 'elsewhere')).toThrow()
  })

  it('opens under a key that came before, and seals under the first', () => {
    const seal = createSeal([next, old])
    expect(seal.open(sealed, 'place')).toBe('text')
    expect([seal.isCurrent(sealed), seal.isCurrent(seal.seal('text', 'place'))]).toEqual([false, true])
    expect(() => createSeal([next]).open(sealed, 'place')).toThrow('another master key')
  })

  it('finds each bit that was changed', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8((changed[at] ?? 0) ^ 1, at)
      expect(() => createSeal([old]).open(changed, 'place'), `byte ${at}`).toThrow()
    }
  })
})
