import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProcess, type TestProcess } from '../../support/processes.ts'
import { codeOf, createClient, makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

const settings = { TRUSTED_PROXIES: '127.0.0.1', RATE_LIMIT_MAX_ATTEMPTS: '3' }

let t: Harness
let second: TestProcess
beforeAll(async () => {
  t = await startHarness(settings)
  second = await startProcess('api', { ...t.stores.env, ...settings })
})
afterAll(async () => {
  await second.stop()
  await t.close()
})

const from = (address: string) => ({ 'x-forwarded-for': address })
const unknown = () => makeSecret('service').secret

/** Guesses from an address, at one of the processes, and gives the codes. */
async function guess(address: string, times: number, url = t.api.url): Promise<string[]> {
  const codes: string[] = []
  for (let n = 0; n < times; n++) {
    const body = { key: n % 2 ? unknown() : 'nonsense' }
    codes.push(codeOf(await createClient(url)('POST', '/v1/keys/validate', { body, headers: from(address) })))
  }
  return codes
}

describe('lockout', () => {
  it('locks an address after its failed attempts, for good secrets too, and tells for how long', async () => {
    const { key } = await makeKey(t.asRoot)
    expect(await guess('203.0.113.1', 4)).toEqual(['MALFORMED', 'NOT_FOUND', 'MALFORMED', 'LOCKED_OUT'])
    const answer = await t.asAnyone('POST', '/v1/keys/validate', { body: { key }, headers: from('203.0.113.1') })
    expect(answer).toMatchObject({ status: 429, body: { code: 'LOCKED_OUT' } })
    const seconds = Number(answer.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(900)
    expect((await t.asAnyone('GET', '/metrics')).text).toMatch(/momentry_lockout_refusals_total\{[^}]*\} 2/)
  })

  it('leaves other addresses alone', async () => {
    await guess('203.0.113.2', 4)
    expect(await guess('203.0.113.3', 1)).toEqual(['MALFORMED'])
  })

  it('counts over all processes', async () => {
    expect(await guess('203.0.113.4', 2)).toEqual(['MALFORMED', 'NOT_FOUND'])
    expect(await guess('203.0.113.4', 2, second.url)).toEqual(['MALFORMED', 'LOCKED_OUT'])
    expect(await guess('203.0.113.4', 1)).toEqual(['LOCKED_OUT'])
  })

  it('is not cleared by a success', async () => {
    const { key } = await makeKey(t.asRoot)
    for (let n = 0; n < 3; n++) {
      await guess('203.0.113.5', 1)
      const body = { key }
      await t.asAnyone('POST', '/v1/keys/validate', { body, headers: from('203.0.113.5') })
    }
    expect(await guess('203.0.113.5', 1)).toEqual(['LOCKED_OUT'])
  })

  it('does not count a secret that is known, however dead', async () => {
    const { id, key } = await makeKey(t.asRoot)
    await t.asRoot('DELETE', `/v1/keys/${id}`)
    for (let n = 0; n < 6; n++) {
      const answer = await t.asAnyone('POST', '/v1/keys/validate', { body: { key }, headers: from('203.0.113.6') })
      expect(codeOf(answer)).toBe('REVOKED')
    }
  })

  it('counts IPv6 by /64', async () => {
    expect(await guess('2001:db8:0:1::1', 2)).toEqual(['MALFORMED', 'NOT_FOUND'])
    expect(await guess('2001:db8:0:1:ffff::2', 2)).toEqual(['MALFORMED', 'LOCKED_OUT'])
    expect(await guess('2001:db8:0:2::1', 1)).toEqual(['MALFORMED'])
  })

  it('cannot be thrown on another by a forged X-Forwarded-For', async () => {
    await guess('198.51.100.1, 203.0.113.7', 4)
    expect(await guess('198.51.100.1', 1)).toEqual(['MALFORMED'])
    expect(await guess('203.0.113.7', 1)).toEqual(['LOCKED_OUT'])
  })

  it('counts the client that a trusted caller names, and never the caller', async () => {
    const trusted = await t.as('keys:validate')
    const ask = async (clientIp?: string) => {
      const body = { key: unknown(), ...(clientIp && { clientIp }) }
      return codeOf(await trusted('POST', '/v1/keys/validate', { body, headers: from('203.0.113.8') }))
    }
    for (let n = 0; n < 3; n++) expect(await ask('203.0.113.9')).toBe('NOT_FOUND')
    expect(await ask('203.0.113.9')).toBe('LOCKED_OUT')
    for (let n = 0; n < 6; n++) expect(await ask()).toBe('NOT_FOUND')
    expect(await ask('203.0.113.10')).toBe('NOT_FOUND')
  })

  it('does not believe the clientIp of a caller without the scope', async () => {
    const call = await t.as('keys:read')
    for (let n = 0; n < 3; n++) {
      const body = { key: unknown(), clientIp: '203.0.113.11' }
      await call('POST', '/v1/keys/validate', { body, headers: from('203.0.113.12') })
    }
    expect(await guess('203.0.113.11', 1)).toEqual(['MALFORMED'])
    expect(await guess('203.0.113.12', 1)).toEqual(['LOCKED_OUT'])
  })

  it('counts guesses at the management routes, and locks those as well', async () => {
    const headers = from('203.0.113.13')
    for (let n = 0; n < 3; n++) {
      const answer = await createClient(t.api.url, unknown())('GET', '/v1/keys', { headers })
      expect(answer.status).toBe(401)
    }
    expect((await t.asRoot('GET', '/v1/keys', { headers })).status).toBe(429)
    expect((await t.asAnyone('GET', '/healthz', { headers })).status).toBe(200)
  })
})
