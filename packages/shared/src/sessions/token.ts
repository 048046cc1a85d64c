import { hash, randomBytes } from 'node:crypto'

/** 256 bits: nobody guesses one, so that a plain digest of it is enough to keep. */
const bytes = 32
const whole = /^[\w-]{43}$/

/** Makes what a session's cookie holds; it is kept nowhere but there. */
export function makeToken(): string {
  return randomBytes(bytes).toString('base64url')
}

/** SHA-256 of a token, as it is stored and looked up. @returns undefined for what can be no token */
export function hashToken(token: string): Buffer | undefined {
  return whole.test(token) ? hash('sha256', token, 'buffer') : undefined
}
