import { expect, it } from 'vitest'
import { hashToken, makeToken } from './token.ts'

it('is another one each time, of 256 bits', () => {
  const made = new Set(Array.from({ length: 100 }, makeToken))
  expect(made.size).toBe(100)
  for (const token of made) expect(Buffer.from(token, 'base64url')).toHaveLength(32)
})

it('is looked up by its digest, and nothing else is looked up at all', () => {
  expect(hashToken(makeToken())).toHaveLength(32)
  for (const text of ['', 'x', `${makeToken()}a`, 'é'.repeat(43), `${makeToken().slice(1)};`])
    expect(hashToken(text)).toBeUndefined()
})
