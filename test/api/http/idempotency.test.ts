import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../../support/servers/database.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { codeOf, pageOf } from '../client.ts'
import { type Harness, shareHarness } from '../harness.ts'

let t: Harness
let bench: Workbench
beforeAll(async () => {
  t = await shareHarness()
  bench = await createWorkbench(t.stores.env)
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const create = (idempotencyKey: string, body: unknown = { type: 'service', name: 'n' }, call = t.asRoot) =>
  call('POST', '/v1/keys', { body, headers: { 'idempotency-key': idempotencyKey } })
const count = async (owner: string) => pageOf(await t.asRoot('GET', `/v1/keys?owner=${owner}`)).ids.length

describe('Idempotency-Key on POST /v1/keys', () => {
  it('gives the same answer to the same request, secret included, and says so', async () => {
    const body = { type: 'service', name: 'n', ownerId: 'same', metadata: { a: 1, b: 2 } }
    const first = await create('same', body)
    const again = await create('same', { metadata: { b: 2, a: 1 }, ownerId: 'same', name: 'n', type: 'service' })
    expect(again.status).toBe(201)
    expect(again.text).toBe(first.text)
    expect(first.headers.has('idempotency-replayed')).toBe(false)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(await count('same')).toBe(1)
  })

  it('refuses another request under the same key', async () => {
    await create('other')
    const refused = await create('other', { type: 'service', name: 'm' })
    expect(refused).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  })

  it('makes one key of many requests at once, all of which get its answer', async () => {
    const body = { type: 'service', name: 'n', ownerId: 'race' }
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('race', body)))
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(201))
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1)
    expect(await count('race')).toBe(1)
  })

  it('keeps nothing of a request that failed', async () => {
    expect((await create('failed', { type: 'service', name: '' })).status).toBe(400)
    const call = await t.as('keys:write')
    expect((await create('failed', { type: 'service', name: 'n', scopes: ['x'] }, call)).status).toBe(403)
    expect((await create('failed', { type: 'service', name: 'n' }, call)).status).toBe(201)
  })

  it('does not mix callers up', async () => {
    const other = await t.as('keys:write')
    const first = await create('mine')
    const second = await create('mine', undefined, other)
    expect(second.status).toBe(201)
    expect(second.text).not.toBe(first.text)
  })

  it('is kept for 24 h', async () => {
    const first = await create('old')
    const age = (hours: number) =>
      runSql(
        t.stores.databaseUrl,
        `UPDATE api_idempotency SET created_at = now() - interval '${hours} hours' WHERE idempotency_key = 'old'`,
      )
    await age(23)
    expect((await create('old')).text).toBe(first.text)
    await age(25)
    const later = await create('old')
    expect(later.status).toBe(201)
    expect(later.text).not.toBe(first.text)
    expect((await create('old')).text).toBe(later.text)
  })

  it('stores the answer sealed', async () => {
    const { text } = await create('sealed')
    const { rows } = await bench.postgres.pool.query('SELECT response FROM api_idempotency')
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row.response.toString('latin1')).not.toMatch(/mty_|"key"/)
    expect(text).toContain('mty_')
  })

  it.each(['x'.repeat(256), 'a b', 'ü'])('refuses the key %j', async (key) => {
    expect(codeOf(await create(key))).toBe('VALIDATION_FAILED')
  })
})
