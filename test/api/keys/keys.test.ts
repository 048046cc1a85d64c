import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { runSql } from '../../support/servers/database.ts'
import { codeOf, makeKey, pageOf } from '../client.ts'
import { type Harness, shareHarness } from '../harness.ts'

let t: Harness
beforeAll(async () => {
  t = await shareHarness()
})
afterAll(() => t.close())

const unknownId = '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b'

describe('POST /v1/keys', () => {
  it('makes a key whose secret is in this answer and nowhere else', async () => {
    const input = {
      type: 'user',
      name: 'Ada',
      ownerId: 'team-a',
      scopes: ['invoices:read'],
      metadata: { a: { b: [1, null, 'ü'] } },
      policy: { anomaly: { requestsPerMinute: 5 } },
      expiresAt: '2099-01-01T00:00:00+01:00',
    }
    const answer = await t.asRoot('POST', '/v1/keys', { body: input })
    expect(answer.status).toBe(201)
    expect(answer.body).toEqual({
      ...input,
      id: expect.stringMatching(/^[0-9a-f-]{14}7/),
      key: expect.stringMatching(/^mty_user_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/),
      expiresAt: '2098-12-31T23:00:00.000Z',
      enabled: true,
      status: 'active',
      secretVersion: 1,
      publicKey: null,
      nextRotationAt: null,
      throttledUntil: null,
      revokedAt: null,
      revokeReason: null,
      lastUsedAt: null,
      createdBy: t.root.keyId,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    })
    const location = answer.headers.get('location') ?? ''
    const read = await t.asRoot('GET', location)
    expect(answer.body).toEqual({ ...z.object({}).loose().parse(read.body), key: expect.any(String) })
    expect(read.text).not.toContain('mty_')
  })

  it('gives an emergency key 24 h unless told, and refuses more than 72 h', async () => {
    const made = await t.asRoot('POST', '/v1/keys', { body: { type: 'emergency', name: 'glass' } })
    const { createdAt, expiresAt } = z.looseObject({ createdAt: z.string(), expiresAt: z.string() }).parse(made.body)
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(24 * 3_600_000)
    const late = new Date(Date.now() + 73 * 3_600_000).toISOString()
    const refused = await t.asRoot('POST', '/v1/keys', { body: { type: 'emergency', name: 'x', expiresAt: late } })
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/expiresAt' }] } })
  })

  it.each<[string, unknown, string[]]>([
    ['no name', { type: 'user' }, ['/name']],
    ['an expiry that has passed', { type: 'user', name: 'a', expiresAt: '2020-01-01T00:00:00Z' }, ['/expiresAt']],
    ['a NUL', { type: 'user', name: 'a\0' }, ['/name']],
    ['a field that is not known', { type: 'user', name: 'a', 'o/w~n': 1 }, ['/o~1w~0n']],
    ['a bad scope', { type: 'user', name: 'a', scopes: ['ok', 'NOT OK'] }, ['/scopes/1']],
    ['an array', [], ['']],
  ])('refuses %s and points at it', async (_, body, pointers) => {
    const answer = await t.asRoot('POST', '/v1/keys', { body })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: pointers.map((pointer) => ({ pointer })),
    })
  })
})

describe('metadata', () => {
  it.each([
    ['{"e":1e400}', '/metadata/e'],
    ['{"n":12345678901234567890123}', '/metadata/n'],
    ['{"a":{"__proto__":{"b":1}}}', '/metadata/a/__proto__'],
    ['{"__proto__":1}', '/metadata/__proto__'],
  ])('is refused where it would change: %s', async (metadata, pointer) => {
    const refused = { status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ pointer }] } }
    const made = await t.asRoot('POST', '/v1/keys', { body: `{"type":"user","name":"a","metadata":${metadata}}` })
    expect(made).toMatchObject(refused)
    const { id } = await makeKey(t.asRoot)
    expect(await t.asRoot('PATCH', `/v1/keys/${id}`, { body: `{"metadata":${metadata}}` })).toMatchObject(refused)
  })
})

describe('GET /v1/keys', () => {
  it('pages through all keys, the newest first, each once', async () => {
    const made: string[] = []
    for (let n = 0; n < 5; n++) made.unshift((await makeKey(t.asRoot, { ownerId: 'pager' })).id)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = pageOf(await t.asRoot('GET', `/v1/keys?owner=pager&limit=2${cursor && `&cursor=${cursor}`}`))
      expect(page.hasMore).toBe(page.cursor !== null)
      seen.push(...page.ids)
      cursor = page.cursor
    }
    expect(seen).toEqual(made)
  })

  it('filters by type, status and text, reading % and _ as themselves', async () => {
    const owner = 'filter'
    const { id: plain } = await makeKey(t.asRoot, { ownerId: owner, name: 'Über 50% off_now' })
    const { id: other } = await makeKey(t.asRoot, { ownerId: owner, name: 'over 500 offsnow', type: 'user' })
    const { id: off } = await makeKey(t.asRoot, { ownerId: owner, name: 'off' })
    const { id: dead } = await makeKey(t.asRoot, { ownerId: owner, name: 'dead' })
    await t.asRoot('PATCH', `/v1/keys/${off}`, { body: { enabled: false } })
    await t.asRoot('DELETE', `/v1/keys/${dead}`)
    const list = async (query: string) => pageOf(await t.asRoot('GET', `/v1/keys?owner=${owner}&${query}`)).ids
    expect(await list('type=user')).toEqual([other])
    expect(await list('status=active')).toEqual([other, plain])
    expect(await list('status=disabled')).toEqual([off])
    expect(await list('status=revoked')).toEqual([dead])
    expect(await list('status=expired')).toEqual([])
    expect(await list(`text=${encodeURIComponent('0%')}`)).toEqual([plain])
    expect(await list(`text=${encodeURIComponent('F_N')}`)).toEqual([plain])
    expect(await list(`text=${encodeURIComponent('ÜBER')}`)).toEqual([plain])
    expect(await list(`text=${encodeURIComponent('\\')}`)).toEqual([])
  })

  it.each(['name', 'lastUsedAt', 'createdAt'])('pages in the order of %s, either way, each key once', async (sort) => {
    const owner = `sorted by ${sort}`
    const ids: Record<string, string> = {}
    for (const name of ['b', 'A', 'a', 'c_%', 'B']) ids[name] = (await makeKey(t.asRoot, { ownerId: owner, name })).id
    // Two within one millisecond, two never.
    for (const [name, used] of [
      ['b', '2026-01-05T12:00:00.000001Z'],
      ['A', '2026-01-05T12:00:00.000002Z'],
      ['c_%', '2025-01-01T00:00:00Z'],
    ])
      await runSql(t.stores.databaseUrl, `UPDATE api_keys SET last_used_at = '${used}' WHERE id = '${ids[name ?? '']}'`)
    const byId = (...names: string[]) => names.map((name) => ids[name] ?? '').sort()
    const ascending = {
      name: [...byId('a', 'A'), ...byId('b', 'B'), ids['c_%']],
      lastUsedAt: [...byId('a', 'B'), ids['c_%'], ids['b'], ids['A']],
      createdAt: ['b', 'A', 'a', 'c_%', 'B'].map((name) => ids[name]),
    }[sort]
    for (const order of ['asc', 'desc']) {
      const seen: string[] = []
      const query = `owner=${encodeURIComponent(owner)}&sort=${sort}&order=${order}&limit=2`
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = pageOf(await t.asRoot('GET', `/v1/keys?${query}${cursor && `&cursor=${cursor}`}`))
        seen.push(...page.ids)
        cursor = page.cursor
      }
      expect(seen).toEqual(order === 'asc' ? ascending : ascending?.toReversed())
    }
  })

  it('finds a key by its id, and refuses a cursor of another order or of nobody', async () => {
    const { id } = await makeKey(t.asRoot)
    expect(pageOf(await t.asRoot('GET', `/v1/keys?text=${id.toUpperCase()}`)).ids).toEqual([id])
    const forge = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    const { cursor } = pageOf(await t.asRoot('GET', '/v1/keys?sort=name&limit=1'))
    for (const query of [
      ...[`sort=name&order=desc&cursor=${cursor}`, `cursor=${cursor}`, `sort=name&cursor=${id}`, 'cursor=x'],
      `sort=lastUsedAt&cursor=${forge('lastUsedAt desc', id, '99999999999999999999')}`,
      `sort=lastUsedAt&cursor=${forge('lastUsedAt desc', id, "1'")}`,
      `sort=name&cursor=${forge('name asc', id, 'a\u0000')}`,
      `sort=createdAt&order=asc&cursor=${forge('createdAt asc', id, 'x')}`,
      'sort=owner',
    ])
      expect(await t.asRoot('GET', `/v1/keys?${query}`), query).toMatchObject({ status: 400 })
    const furthest = forge('lastUsedAt desc', id, '9999999999999999')
    expect((await t.asRoot('GET', `/v1/keys?sort=lastUsedAt&cursor=${furthest}`)).status).toBe(200)
  })

  it('refuses a query that is not known', async () => {
    expect((await t.asRoot('GET', '/v1/keys?page=2')).status).toBe(400)
    expect((await t.asRoot('GET', '/v1/keys?limit=1&limit=2')).status).toBe(400)
  })
})

describe('GET /v1/keys/{id}', () => {
  it('tells an unknown key from a malformed id', async () => {
    expect(codeOf(await t.asRoot('GET', `/v1/keys/${unknownId}`))).toBe('KEY_NOT_FOUND')
    expect(codeOf(await t.asRoot('GET', '/v1/keys/7'))).toBe('VALIDATION_FAILED')
  })
})

describe('PATCH /v1/keys/{id}', () => {
  it('changes what is given and nothing else', async () => {
    const { id } = await makeKey(t.asRoot, { metadata: { a: 1 }, expiresAt: '2099-01-01T00:00:00Z' })
    const answer = await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { name: 'new', expiresAt: null, scopes: ['a'] } })
    expect(answer.body).toMatchObject({
      name: 'new',
      expiresAt: null,
      scopes: ['a'],
      metadata: { a: 1 },
      enabled: true,
    })
    expect((await t.asRoot('GET', `/v1/keys/${id}`)).body).toEqual(answer.body)
  })

  it('takes effect on validation at once, in both directions', async () => {
    const { id, key } = await makeKey(t.asRoot)
    const validate = async () => codeOf(await t.asAnyone('POST', '/v1/keys/validate', { body: { key } }))
    expect(await validate()).toBe('VALID')
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { enabled: false } })
    await expect.poll(validate).toBe('DISABLED')
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { enabled: true } })
    await expect.poll(validate).toBe('VALID')
  })

  it('refuses a change of nothing, of a revoked key and of an unknown one', async () => {
    const { id } = await makeKey(t.asRoot)
    expect((await t.asRoot('PATCH', `/v1/keys/${id}`, { body: {} })).status).toBe(400)
    await t.asRoot('DELETE', `/v1/keys/${id}`)
    const revoked = await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { name: 'x' } })
    expect(revoked).toMatchObject({ status: 409, body: { code: 'KEY_REVOKED' } })
    expect((await t.asRoot('PATCH', `/v1/keys/${unknownId}`, { body: { name: 'x' } })).status).toBe(404)
  })
})

describe('POST /v1/keys/{id}/revoke and DELETE /v1/keys/{id}', () => {
  it('revokes for good, with the first reason, however often it is asked', async () => {
    const { id, key } = await makeKey(t.asRoot)
    const first = await t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: { reason: 'leaked' } })
    expect(first).toMatchObject({ status: 200, body: { status: 'revoked', revokeReason: 'leaked' } })
    expect((await t.asRoot('POST', `/v1/keys/${id}/revoke`)).body).toEqual(first.body)
    expect((await t.asRoot('DELETE', `/v1/keys/${id}?reason=again`)).status).toBe(204)
    expect((await t.asRoot('GET', `/v1/keys/${id}`)).body).toEqual(first.body)
    const verdict = await t.asAnyone('POST', '/v1/keys/validate', { body: { key } })
    expect(verdict.body).toEqual({ valid: false, code: 'REVOKED', keyId: id })
  })

  it('keeps the reason of a DELETE, and tells an unknown key', async () => {
    const { id } = await makeKey(t.asRoot)
    await t.asRoot('DELETE', `/v1/keys/${id}?reason=unused`)
    expect((await t.asRoot('GET', `/v1/keys/${id}`)).body).toMatchObject({ revokeReason: 'unused' })
    expect((await t.asRoot('DELETE', `/v1/keys/${unknownId}`)).status).toBe(404)
    expect((await t.asRoot('POST', `/v1/keys/${unknownId}/revoke`)).status).toBe(404)
  })
})
