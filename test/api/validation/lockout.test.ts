import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { callCli } from '../../cli/support/call-cli.ts'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { monitorRedis } from '../../support/servers/monitor-redis.ts'
import { untilHolds } from '../../support/until-holds.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { codeOf, createClient, makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

const settings = { TRUSTED_PROXIES: '127.0.0.1', RATE_LIMIT_MAX_ATTEMPTS: '3' }

let t: Harness
let second: TestProcess
let alerter: TestProcess
let bench: Workbench
beforeAll(async () => {
  t = await startHarness(settings)
  bench = await createWorkbench(t.stores.env)
  alerter = await startProcess('alerter', t.stores.env)
  second = await startProcess('api', { ...t.stores.env, ...settings })
})
afterAll(async () => {
  await Promise.all([second.stop(), alerter.stop()])
  await bench.close()
  await t.close()
})

const listSchema = z.object({
  data: z.array(z.object({ address: z.string() })),
  pagination: z.object({ cursor: z.string().nullable() }),
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

  it('holds in every process at once, for good secrets too, and so does its clearing', async () => {
    const { key } = await makeKey(t.asRoot)
    const use = async (url: string | undefined) => {
      const answer = await createClient(url)('POST', '/v1/keys/validate', {
        body: { key },
        headers: from('203.0.113.20'),
      })
      return codeOf(answer)
    }
    await guess('203.0.113.20', 3)
    await untilHolds(async () => expect(await use(second.url)).toBe('LOCKED_OUT'))
    const third = await startProcess('api', { ...t.stores.env, ...settings })
    await untilHolds(async () => expect(await use(third.url)).toBe('LOCKED_OUT'))
    await third.stop()

    const listed = await t.asRoot('GET', '/v1/lockouts')
    expect(listed.body).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ address: '203.0.113.20', failures: 3 })]),
    })
    expect((await t.asRoot('DELETE', '/v1/lockouts/203.0.113.20')).status).toBe(204)
    for (const url of [t.api.url, second.url]) await untilHolds(async () => expect(await use(url)).toBe('VALID'))
    expect(await guess('203.0.113.20', 2)).toEqual(['MALFORMED', 'NOT_FOUND'])
    expect((await t.asRoot('GET', '/v1/audit?action=address.cleared')).body).toMatchObject({
      data: [{ after: { address: '203.0.113.20' }, actorKeyId: t.root.keyId }],
    })
  })

  it('is cleared by any form of the address, by its /64, and for all at once', async () => {
    await guess('2001:db8:0:9::1', 3)
    await guess('203.0.113.21', 3)
    const clear = async (address: string) =>
      (await t.asRoot('DELETE', `/v1/lockouts/${encodeURIComponent(address)}`)).status
    expect(await clear('2001:db8:0:9::/64')).toBe(204)
    expect(await clear('2001:DB8:0:9::5')).toBe(404)
    expect(await clear('nowhere')).toBe(400)
    expect(await t.asRoot('DELETE', '/v1/lockouts')).toMatchObject({
      status: 200,
      body: { cleared: expect.any(Number) },
    })
    expect((await t.asRoot('GET', '/v1/lockouts')).body).toMatchObject({ data: [] })
    await untilHolds(async () => expect(await guess('203.0.113.21', 1)).toEqual(['MALFORMED']))
  })

  it('is listed page by page', async () => {
    const addresses = ['203.0.113.31', '203.0.113.32', '203.0.113.33']
    for (const address of addresses) await guess(address, 3)
    const seen: unknown[] = []
    for (let cursor: string | null = '0'; cursor !== null; ) {
      const page = listSchema.parse((await t.asRoot('GET', `/v1/lockouts?limit=2&cursor=${cursor}`)).body)
      seen.push(...page.data.map(({ address }) => address))
      cursor = page.pagination.cursor
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(addresses))
    expect((await t.asRoot('GET', '/v1/lockouts?cursor=elsewhere')).status).toBe(400)
  })

  it('is listed and cleared by the command line', async () => {
    await guess('203.0.113.34', 3)
    await guess('2001:db8:0:a::1', 3)
    const env = { MOMENTRY_URL: t.api.url ?? '', MOMENTRY_API_KEY: t.root.key }
    const [listed, neither] = await Promise.all([
      callCli(['lockout', 'list', '--json'], env),
      callCli(['lockout', 'clear'], env),
    ])
    expect(JSON.stringify(JSON.parse(listed.stdout))).toMatch(/203\.0\.113\.34.*2001:db8:0:a::\/64|2001.*203/)
    expect(neither).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') })
    const cleared = await callCli(['lockout', 'clear', '2001:db8:0:a::/64'], env)
    expect(cleared).toMatchObject({ code: 0, stdout: '2001:db8:0:a::/64 is free again.\n' })
    expect((await t.asRoot('GET', '/v1/lockouts?limit=200')).text).not.toContain('2001:db8:0:a::/64')
    expect(await callCli(['lockout', 'clear', '--all', '--json'], env)).toMatchObject({ code: 0 })
    expect((await t.asRoot('GET', '/v1/lockouts')).body).toMatchObject({ data: [] })
  })

  it('costs a locked address, and a good secret, no question to Redis', async () => {
    await guess('203.0.113.22', 3)
    const { key } = await makeKey(t.asRoot)
    const valid = () =>
      t.asAnyone('POST', '/v1/keys/validate', { body: { key, recordUsage: false }, headers: from('203.0.113.23') })
    await valid()
    const monitor = await monitorRedis(t.stores.redisUrl)
    for (let n = 0; n < 20; n += 1) await valid()
    await guess('203.0.113.22', 20)
    await bench.redis.get('the end')
    await expect.poll(() => monitor.lines().some((line) => line.includes('"the end"'))).toBe(true)
    monitor.close()
    const asked = monitor
      .lines()
      .filter((line) => line.includes(`${t.stores.prefix}:lockout`) || line.includes(`${t.stores.prefix}:stuffing`))
    expect(asked.filter((line) => !/"subscribe"/i.test(line))).toEqual([])
  })

  it('is told of once, and a list of secrets that is tried as well', async () => {
    await guess('203.0.113.24', 3)
    const told = (type: string, address: string) =>
      bench.alerts.filter((alert) => alert.type === type && 'address' in alert.data && alert.data.address === address)
    await untilHolds(() => expect(told('address.locked', '203.0.113.24')).toHaveLength(1))
    expect(told('address.locked', '203.0.113.24')[0]?.data).toMatchObject({
      observed: 3,
      threshold: 3,
      severity: 'medium',
    })

    const trusted = await t.as('keys:validate')
    const dead = await Promise.all(Array.from({ length: 6 }, () => makeKey(t.asRoot)))
    await Promise.all(dead.map(({ id }) => t.asRoot('DELETE', `/v1/keys/${id}`)))
    for (const { key } of [...dead, ...dead])
      await trusted('POST', '/v1/keys/validate', { body: { key, clientIp: '203.0.113.25' } })
    await untilHolds(() => expect(told('credential_stuffing', '203.0.113.25')).toHaveLength(1))
    expect(told('credential_stuffing', '203.0.113.25')[0]?.data).toMatchObject({ observed: 5, severity: 'high' })
    expect(told('address.locked', '203.0.113.25')).toEqual([])
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
