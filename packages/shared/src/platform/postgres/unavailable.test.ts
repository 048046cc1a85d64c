import { describe, expect, it } from 'vitest'
import { isPostgresUnavailable } from './client.ts'

const withCode = (code: string) => Object.assign(new Error('a query failed'), { code })

describe('isPostgresUnavailable', () => {
  it.each([
    ['a lost connection', '08006'],
    ['a full disk', '53100'],
    ['too many connections', '53300'],
    ['a shutdown', '57P01'],
    ['a crash of another connection', '57P02'],
    ['a file that cannot be written', '58030'],
    ['a refused connection', 'ECONNREFUSED'],
  ])('takes %s for an outage', (_, code) => {
    expect(isPostgresUnavailable(withCode(code))).toBe(true)
    expect(isPostgresUnavailable(new Error('Failed query', { cause: withCode(code) }))).toBe(true)
  })

  it.each([
    ['a constraint', '23505'],
    ['a syntax error', '42601'],
    ['a full sequence', '2200H'],
  ])('takes %s for none', (_, code) => {
    expect(isPostgresUnavailable(withCode(code))).toBe(false)
  })
})
