import { describe, expect, it } from 'vitest'
import { decideExpiry } from './kinds.ts'

const hour = 3_600_000
const made = 1_800_000_000_000

describe('decideExpiry', () => {
  it('gives most types no expiry unless asked, and an emergency key 24 h', () => {
    expect(decideExpiry('service', undefined, made, made)).toBeNull()
    expect(decideExpiry('service', null, made, made)).toBeNull()
    expect(decideExpiry('emergency', undefined, made, made)).toEqual(new Date(made + 24 * hour))
  })

  it('gives an emergency key 72 h after its making at the most, however late it is asked', () => {
    expect(decideExpiry('emergency', new Date(made + 72 * hour), made, made)).toEqual(new Date(made + 72 * hour))
    expect(() => decideExpiry('emergency', new Date(made + 72 * hour + 1), made, made)).toThrow()
    expect(() => decideExpiry('emergency', new Date(made + 73 * hour), made, made + 50 * hour)).toThrow()
    expect(() => decideExpiry('emergency', null, made, made)).toThrow()
  })

  it('refuses a time that has passed, the present included', () => {
    expect(() => decideExpiry('user', new Date(made), made, made)).toThrow()
    expect(decideExpiry('user', new Date(made + 1), made, made)).toEqual(new Date(made + 1))
  })
})
