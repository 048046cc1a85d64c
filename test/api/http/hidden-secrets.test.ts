import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorkbench } from '../../support/workbench.ts'
import { createClient, makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

let t: Harness
beforeAll(async () => {
  t = await startHarness({ LOG_LEVEL: 'trace' })
})
afterAll(() => t.close())

it('secrets reach no log, no metric and no table, wherever callers put them', async () => {
  const { id, key } = await makeKey(t.asRoot, { name: 'holder' })
  const { secret } = makeSecret('service')
  for (const text of [key, secret]) {
    const call = createClient(t.api.url, text)
    await call('GET', '/v1/keys')
    await call('GET', `/v1/keys/${text}?reason=${text}&text=${text}`)
    await call('GET', `/${text}`)
    await t.asRoot('GET', `/v1/keys?text=${text}`)
    await t.asRoot('POST', '/v1/keys', { body: { type: 'user', name: text, ownerId: text, [text]: text } })
    await t.asRoot('POST', '/v1/keys', { body: { type: 'user', name: 'n', metadata: { in: [{ deep: `a ${text}` }] } } })
    await t.asRoot('POST', '/v1/keys', { body: `{"${text}"`, headers: { 'idempotency-key': text } })
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { name: `x${text}` } })
    await t.asRoot('DELETE', `/v1/keys/${id}?reason=${text}`)
    await t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: { reason: text } })
    await t.asAnyone('POST', '/v1/keys/validate', { body: { key: text, scopes: [text] } })
    await t.asAnyone('POST', '/v1/keys/validate', { body: { key: text }, headers: { 'x-request-id': text } })
    await t.asAnyone('GET', '/healthz', { headers: { 'user-agent': text, cookie: text, 'x-forwarded-for': text } })
  }
  const bench = await createWorkbench(t.stores.env)
  const tables = ['api_keys', 'api_key_secrets', 'api_key_audit_log', 'api_idempotency', 'api_key_changes']
  const rows = await Promise.all(tables.map((name) => bench.postgres.pool.query(`SELECT t::text FROM ${name} t`)))
  const stored = JSON.stringify(rows.map((result) => result.rows))
  const names = await bench.redis.keys(`${t.stores.prefix}*`)
  await bench.close()
  const metrics = (await t.asAnyone('GET', '/metrics')).text
  await t.api.stop()

  expect(t.api.output().split('\n').length).toBeGreaterThan(20)
  expect(stored).toContain('holder')
  for (const place of [t.api.output(), metrics, stored, names.join()]) {
    for (const text of [key, secret, t.root.key]) expect(place).not.toContain(text)
    expect(place).not.toMatch(/mty_[a-z]+_[0-9A-Za-z]{10}/)
  }
})
