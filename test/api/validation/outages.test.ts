import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { startPrivatePostgres, startPrivateRedis } from '../../support/servers/private-servers.ts'
import type { TestServer } from '../../support/servers/test-server.ts'
import { createTestStores } from '../../support/stores.ts'
import { createWorkbench } from '../../support/workbench.ts'
import { type Call, codeOf, createClient, makeKey } from '../client.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function startApi(env: Record<string, string>): Promise<TestProcess> {
  const api = await startProcess('api', env)
  closers.push(() => api.stop())
  return api
}

async function setUp(which: 'postgres' | 'redis'): Promise<{ server: TestServer; env: Record<string, string> }> {
  const stores = await createTestStores()
  closers.push(() => stores.close())
  const server = await (which === 'postgres' ? startPrivatePostgres() : startPrivateRedis())
  closers.push(() => server.close())
  return { server, env: { ...stores.env, [which === 'postgres' ? 'DATABASE_URL' : 'REDIS_URL']: server.url } }
}

const validate = (call: Call, key: string) => call('POST', '/v1/keys/validate', { body: { key } })
const checks = async (call: Call) => (await call('GET', '/readyz')).body

describe('while Postgres is away', () => {
  it('cached keys validate, others get 503, none is called invalid, and all is well when it returns', async () => {
    const { server, env } = await setUp('postgres')
    const root = await createBootstrapKey(server.url)
    const api = await startApi(env)
    const call = createClient(api.url, root.key)
    const anyone = createClient(api.url)
    const cached = await makeKey(call)
    const uncached = await makeKey(call)
    expect(codeOf(await validate(anyone, cached.key))).toBe('VALID')

    await server.stop()
    expect(codeOf(await validate(anyone, cached.key))).toBe('VALID')
    for (const key of [uncached.key, makeSecret('user').secret]) {
      const answer = await validate(anyone, key)
      expect(answer).toMatchObject({ status: 503, body: { code: 'DATABASE_UNAVAILABLE' } })
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.text).not.toContain('valid":')
    }
    expect(await validate(anyone, 'nonsense')).toMatchObject({ status: 200, body: { code: 'MALFORMED' } })
    expect(await call('GET', '/v1/keys')).toMatchObject({ status: 503, body: { code: 'DATABASE_UNAVAILABLE' } })
    expect(await checks(anyone)).toMatchObject({ status: 'degraded', checks: { postgres: 'down', redis: 'ok' } })

    await server.start()
    await expect.poll(async () => codeOf(await validate(anyone, uncached.key))).toBe('VALID')
    await expect.poll(() => checks(anyone)).toMatchObject({ status: 'ready' })
  })

  it('the api starts all the same', async () => {
    const { server, env } = await setUp('postgres')
    const { key } = await createBootstrapKey(server.url)
    await server.stop()
    const api = await startApi(env)
    const call = createClient(api.url)
    expect((await validate(call, key)).status).toBe(503)
    await server.start()
    await expect.poll(async () => codeOf(await validate(call, key))).toBe('VALID')
  })
})

describe('while Redis is away', () => {
  it('keys validate, cached or not, changes are made, and lockout counts alone', async () => {
    const { server, env } = await setUp('redis')
    const root = await createBootstrapKey(env['DATABASE_URL'] ?? '')
    const api = await startApi(env)
    const call = createClient(api.url, root.key)
    const anyone = createClient(api.url)
    const known = await makeKey(call)
    expect(codeOf(await validate(anyone, known.key))).toBe('VALID')

    await server.stop()
    expect(codeOf(await validate(anyone, known.key))).toBe('VALID')
    const made = await makeKey(call)
    expect(codeOf(await validate(anyone, made.key))).toBe('VALID')
    expect(await checks(anyone)).toMatchObject({ status: 'degraded', checks: { postgres: 'ok', redis: 'down' } })
    for (let n = 0; n < 5; n++) expect(codeOf(await validate(anyone, makeSecret('user').secret))).toBe('NOT_FOUND')
    expect(codeOf(await validate(anyone, made.key))).toBe('LOCKED_OUT')
  })

  it('locked addresses can be neither listed nor freed', async () => {
    const { server, env } = await setUp('redis')
    const root = await createBootstrapKey(env['DATABASE_URL'] ?? '')
    const call = createClient((await startApi(env)).url, root.key)
    await server.stop()
    const answers = [
      await call('GET', '/v1/lockouts'),
      await call('DELETE', '/v1/lockouts/203.0.113.1'),
      await call('DELETE', '/v1/lockouts'),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ status: 503, body: { code: 'REDIS_UNAVAILABLE' } })
    expect((await call('GET', '/v1/audit?action=address.cleared')).body).toMatchObject({ data: [] })
  })

  it('the api starts all the same, and is well when Redis comes', async () => {
    const { server, env } = await setUp('redis')
    const { key } = await createBootstrapKey(env['DATABASE_URL'] ?? '')
    await server.stop()
    const api = await startApi(env)
    const call = createClient(api.url)
    expect(codeOf(await validate(call, key))).toBe('VALID')
    await server.start()
    await expect.poll(() => checks(call)).toMatchObject({ status: 'ready' })
  })

  it('a revoke by another process takes effect all the same, within the time a blind cache lives', async () => {
    const { server, env } = await setUp('redis')
    const root = await createBootstrapKey(env['DATABASE_URL'] ?? '')
    const first = await startApi(env)
    const second = await startApi(env)
    const call = createClient(first.url, root.key)
    const other = createClient(second.url)
    const { id, key } = await makeKey(call)
    expect(codeOf(await validate(other, key))).toBe('VALID')
    await server.stop()
    expect((await call('DELETE', `/v1/keys/${id}`)).status).toBe(204)
    await expect.poll(async () => codeOf(await validate(other, key))).toBe('REVOKED')
  })

  it('keeps changes that could not be told in the outbox, and uses that could not be reported in the buffer', async () => {
    const { server, env } = await setUp('redis')
    const root = await createBootstrapKey(env['DATABASE_URL'] ?? '')
    const api = await startApi(env)
    const call = createClient(api.url, root.key)
    const { id, key } = await makeKey(call)
    await server.stop()
    await call('PATCH', `/v1/keys/${id}`, { body: { name: 'changed' } })
    expect(codeOf(await validate(call, key))).toBe('VALID')
    await server.start()
    const bench = await createWorkbench(env)
    closers.push(() => bench.close())
    const { rows } = await bench.postgres.pool.query('SELECT key_id FROM api_key_changes WHERE key_id = $1', [id])
    expect(rows.length).toBe(1)
    await expect.poll(() => bench.backlog()).toBe(1)
  })
})

describe('where the subscription is cut while changes are made', () => {
  it('nothing that was cached before is believed after it is back', async () => {
    const { server, env } = await setUp('redis')
    const root = await createBootstrapKey(env['DATABASE_URL'] ?? '')
    const first = await startApi(env)
    const second = await startApi(env)
    const call = createClient(first.url, root.key)
    const other = createClient(second.url)
    const { id, key } = await makeKey(call)
    expect(codeOf(await validate(other, key))).toBe('VALID')
    await server.kill()
    await call('DELETE', `/v1/keys/${id}`)
    await server.start()
    await expect.poll(async () => codeOf(await validate(other, key))).toBe('REVOKED')
    expect(second.output()).toContain('"subscribed":false')
  })
})
