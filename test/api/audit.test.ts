import { appendAudit } from '@momentry/shared/audit/append.ts'
import { verifyAudit } from '@momentry/shared/audit/verify.ts'
import { systemActor, withTransaction } from '@momentry/shared/platform/context.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../support/servers/database.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'
import { makeKey } from './client.ts'
import { type Harness, startHarness } from './harness.ts'

let t: Harness
let bench: Workbench
beforeAll(async () => {
  t = await startHarness({ TRUSTED_PROXIES: '127.0.0.1' })
  bench = await createWorkbench(t.stores.env)
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

describe('GET /v1/audit', () => {
  it('tells who did what to which key, from where, why, and what it changed', async () => {
    const { id } = await makeKey(t.asRoot, { metadata: { a: 1 }, expiresAt: '2099-01-01T00:00:00Z' })
    const headers = { 'x-request-id': 'req-7', 'x-forwarded-for': '198.51.100.9, 2001:DB8::7' }
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { name: 'new', enabled: true, expiresAt: null }, headers })
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { name: 'new' } })
    await t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: { reason: 'leaked' } })
    await t.asRoot('DELETE', `/v1/keys/${id}`)
    const answer = await t.asRoot('GET', `/v1/audit?keyId=${id}`)
    expect(answer.body).toMatchObject({
      data: [
        { action: 'key.revoked', reason: 'leaked', before: null, after: null },
        {
          action: 'key.updated',
          keyId: id,
          actorKeyId: t.root.keyId,
          address: '2001:db8::7',
          requestId: 'req-7',
          reason: null,
          before: { name: 'test', expiresAt: '2099-01-01T00:00:00.000Z' },
          after: { name: 'new', expiresAt: null },
        },
        { action: 'key.created', after: { name: 'test', metadata: { a: 1 }, scopes: [] } },
      ],
      pagination: { cursor: null, hasMore: false },
    })
    expect(answer.text).not.toMatch(/mty_|digest/)
    const filtered = await t.asRoot('GET', `/v1/audit?keyId=${id}&action=key.created&limit=1`)
    expect(filtered.body).toMatchObject({ data: [{ action: 'key.created' }] })
  })

  it('stays whole when an id comes in capitals', async () => {
    const { id } = await makeKey(t.asRoot)
    await t.asRoot('PATCH', `/v1/keys/${id.toUpperCase()}`, { body: { name: 'loud' } })
    await t.asRoot('POST', `/v1/keys/${id.toUpperCase()}/revoke`, { body: {} })
    const { body } = await t.asRoot('GET', `/v1/audit?keyId=${id.toUpperCase()}`)
    expect(body).toMatchObject({ data: [{ action: 'key.revoked', keyId: id }, { keyId: id }, { keyId: id }] })
    expect((await t.asRoot('GET', '/v1/audit/verify')).body).toMatchObject({ valid: true })
  })

  it('pages, and refuses what is not known', async () => {
    const first = await t.asRoot('GET', '/v1/audit?limit=1')
    expect(first.body).toMatchObject({ pagination: { hasMore: true, cursor: expect.stringMatching(/^\d+$/) } })
    expect((await t.asRoot('GET', '/v1/audit?limit=0')).status).toBe(400)
    expect((await t.asRoot('GET', '/v1/audit?keyId=x')).status).toBe(400)
  })

  it('keeps one chain though many change keys at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => makeKey(t.asRoot)))
    const { body } = await t.asRoot('GET', '/v1/audit/verify')
    expect(body).toEqual({ valid: true, rows: expect.any(Number) })
  })
})

describe('GET /v1/audit/verify', () => {
  const verify = async () => (await t.asRoot('GET', '/v1/audit/verify')).body
  const tampered: [string, string, number][] = [
    ['a changed reason', `UPDATE api_key_audit_log SET reason = 'none' WHERE seq = 5`, 5],
    [
      'a changed time, by a microsecond',
      `UPDATE api_key_audit_log SET at = at + interval '1 microsecond' WHERE seq = 6`,
      6,
    ],
    ['a changed address', `UPDATE api_key_audit_log SET address = '127.0.0.1/24' WHERE seq = 7`, 7],
    ['a changed value', `UPDATE api_key_audit_log SET after = jsonb_set(after, '{name}', '"x"') WHERE seq = 2`, 2],
    ['another actor', `UPDATE api_key_audit_log SET actor_key_id = NULL WHERE seq = 8`, 8],
    ['a changed hash', `UPDATE api_key_audit_log SET hash = sha256('x') WHERE seq = 9`, 9],
    ['a row that is gone', `DELETE FROM api_key_audit_log WHERE seq = 3`, 3],
    ['the first rows gone', `DELETE FROM api_key_audit_log WHERE seq <= 2`, 1],
    [
      'a row put in',
      `UPDATE api_key_audit_log SET seq = seq + 1000000 WHERE seq > 10;
       UPDATE api_key_audit_log SET seq = seq - 999999 WHERE seq > 1000000;
       INSERT INTO api_key_audit_log (seq, at, action, request_id, previous_hash, hash)
       SELECT 11, at, 'key.created', 'forged', hash, sha256('y') FROM api_key_audit_log WHERE seq = 10`,
      11,
    ],
    [
      'two rows that changed places',
      `UPDATE api_key_audit_log SET seq = -1 WHERE seq = 12;
       UPDATE api_key_audit_log SET seq = 12 WHERE seq = 14;
       UPDATE api_key_audit_log SET seq = 14 WHERE seq = -1`,
      12,
    ],
  ]

  it.each(tampered)('finds %s', async (_, statements, firstBroken) => {
    await runSql(t.stores.databaseUrl, 'CREATE TABLE kept AS TABLE api_key_audit_log')
    try {
      await runSql(t.stores.databaseUrl, statements)
      expect(await verify()).toMatchObject({ valid: false, rows: firstBroken - 1, firstBroken })
    } finally {
      await runSql(
        t.stores.databaseUrl,
        'TRUNCATE api_key_audit_log; INSERT INTO api_key_audit_log SELECT * FROM kept; DROP TABLE kept',
      )
    }
    expect(await verify()).toMatchObject({ valid: true })
  })

  it('reads page by page: a break far behind the first page is found', async () => {
    const before = await verifyAudit(bench.postgres.db)
    const context = {
      db: bench.postgres.db,
      actor: systemActor,
      requestId: 'many',
      now: Date.now,
      publishChanges: async () => undefined,
    }
    await withTransaction(context, async (tx) => {
      for (let n = 0; n < 1100; n++) await appendAudit(tx, { action: 'key.updated', after: { n } })
    })
    const after = await verifyAudit(bench.postgres.db)
    expect(after).toEqual({ valid: true, rows: before.rows + 1100 })
    await runSql(t.stores.databaseUrl, `UPDATE api_key_audit_log SET request_id = 'x' WHERE seq = ${after.rows - 1}`)
    expect(await verify()).toMatchObject({ valid: false, firstBroken: after.rows - 1 })
  })
})
