import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'
import { cookieOf, createConsolePage, page } from './console-page.ts'

const maxAttempts = 4

let t: Harness
let c: ReturnType<typeof createConsolePage>
let db: pg.Client
beforeAll(async () => {
  t = await startHarness({ TRUSTED_PROXIES: '127.0.0.1', RATE_LIMIT_MAX_ATTEMPTS: String(maxAttempts) })
  c = createConsolePage(t)
  db = new pg.Client({ connectionString: t.stores.databaseUrl })
  await db.connect()
})
afterAll(async () => {
  await db.end()
  await t.close()
})

describe('signing in', () => {
  it('opens a session that may do what the key may, and no more', async () => {
    const { id, key } = await makeKey(t.asRoot, { name: 'ops', scopes: ['keys:read', 'anomalies:read'] })
    const answer = await c.signIn(key)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ keyId: id, name: 'ops', type: 'service', secretVersion: 1 })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const call = c.by(cookieOf(answer))
    expect((await call('GET', '/v1/session')).body).toEqual(answer.body)
    expect((await call('GET', '/v1/keys')).status).toBe(200)
    expect((await call('GET', '/v1/audit')).status).toBe(403)
    expect(codeOf(await call('POST', '/v1/keys', { body: { type: 'service', name: 'x' } }))).toBe('FORBIDDEN')
  })

  it('sets a cookie that scripts and other sites do not get, and gives the secret back nowhere', async () => {
    const { key } = await makeKey(t.asRoot)
    const answer = await c.signIn(key)
    expect(answer.headers.getSetCookie()).toHaveLength(1)
    expect(answer.headers.get('set-cookie')).toMatch(
      /^momentry_session=[\w-]{43}; Max-Age=43(?:199|200); Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect(answer.text).not.toContain('mty_')
    const stored = await db.query<{ text: string }>('SELECT row_to_json(s)::text AS text FROM console_sessions s')
    const token = cookieOf(answer).split('=')[1] ?? '-'
    for (const { text } of stored.rows) {
      expect(text).not.toContain(token)
      expect(text).not.toContain('mty_')
    }
  })

  it('sets one for this host and for TLS alone where a trusted proxy says that TLS it was', async () => {
    const { key } = await makeKey(t.asRoot)
    const tls = { 'x-forwarded-proto': 'https' }
    const answer = await c.signIn(key, tls)
    const set = answer.headers.get('set-cookie') ?? ''
    expect(set).toMatch(/^__Host-momentry_session=[\w-]{43}; .*HttpOnly; Secure; SameSite=Strict$/)
    expect((await c.by(cookieOf(answer), { ...page, ...tls })('GET', '/v1/session')).status).toBe(200)
    // A neighbour under the same domain can set the plain name.
    const planted = `momentry_session=${cookieOf(answer).split('=')[1]}`
    expect((await c.by(planted, { ...page, ...tls })('GET', '/v1/session')).status).toBe(401)
  })

  it('takes no token that came from outside: the session is a new one, and the one before is over', async () => {
    const { key, cookie, call } = await c.open()
    const planted = `momentry_session=${'A'.repeat(43)}`
    const fresh = await c.signIn(key, { cookie: planted })
    expect(cookieOf(fresh)).not.toBe(planted)
    expect((await c.by(planted)('GET', '/v1/session')).status).toBe(401)
    const again = await c.signIn(key, { cookie })
    expect(cookieOf(again)).not.toBe(cookie)
    expect((await call('GET', '/v1/session')).status).toBe(401)
    expect((await c.by(cookieOf(again))('GET', '/v1/session')).status).toBe(200)
  })

  it('is not for other sites', async () => {
    const { key } = await makeKey(t.asRoot)
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      const answer = await c.signIn(key, headers)
      expect(codeOf(answer)).toBe('FORBIDDEN')
      expect(answer.headers.get('set-cookie')).toBeNull()
    }
    const body = { key }
    const foreign = await t.asAnyone('POST', '/v1/session', { body, headers: { origin: 'https://evil.example' } })
    expect(codeOf(foreign)).toBe('FORBIDDEN')
    // A form of another site can send this without being asked for leave.
    const form = { 'content-type': 'text/plain' }
    expect((await t.asAnyone('POST', '/v1/session', { body: JSON.stringify(body), headers: form })).status).toBe(415)
    // Who is no browser says nothing of sites.
    expect((await t.asAnyone('POST', '/v1/session', { body })).status).toBe(200)
  })

  it('is refused with a dead secret, or from an address where the key may not be used', async () => {
    const revoked = await makeKey(t.asRoot)
    await t.asRoot('DELETE', `/v1/keys/${revoked.id}`)
    await expect.poll(async () => codeOf(await c.signIn(revoked.key))).toBe('UNAUTHENTICATED')
    const elsewhere = await makeKey(t.asRoot, { policy: { allowedAddresses: ['192.0.2.0/24'] } })
    expect(codeOf(await c.signIn(elsewhere.key))).toBe('IP_NOT_ALLOWED')
    expect((await c.signIn(elsewhere.key, { 'x-forwarded-for': '192.0.2.7' })).status).toBe(200)
    for (const body of [{}, { key: '' }, { key: 'x'.repeat(513) }, { key: 7 }, { key: 'x', more: 1 }, []])
      expect((await t.asAnyone('POST', '/v1/session', { body, headers: page })).status).toBe(400)
  })

  it('locks an address out that guesses, and counts a stale cookie as no guess', async () => {
    const from = { 'x-forwarded-for': '198.51.100.9' }
    const { key } = await makeKey(t.asRoot)
    const stale = c.by(`momentry_session=${'B'.repeat(43)}`, { ...page, ...from })
    for (let n = 0; n < 2 * maxAttempts; n++) expect((await stale('GET', '/v1/session')).status).toBe(401)
    for (let n = 0; n < maxAttempts; n++) expect(codeOf(await c.signIn(`guess ${n}`, from))).toBe('UNAUTHENTICATED')
    const locked = await c.signIn(key, from)
    expect(codeOf(locked)).toBe('LOCKED_OUT')
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await c.signIn(key, { 'x-forwarded-for': '198.51.100.10' })).status).toBe(200)
  })

  it('leaves a key no more than 20 sessions', async () => {
    const { id, key, call } = await c.open()
    for (let n = 0; n < 20; n += 5) await Promise.all(Array.from({ length: 5 }, () => c.signIn(key)))
    const { rows } = await db.query('SELECT 1 FROM console_sessions WHERE key_id = $1', [id])
    expect(rows).toHaveLength(20)
    expect((await call('GET', '/v1/session')).status).toBe(401)
  })
})

describe('a request by a session', () => {
  const matrix: [string, Record<string, string>, number][] = [
    ['the console', page, 200],
    ['the console in an older browser', { 'x-momentry-console': '1', origin: 'OWN' }, 200],
    ['a page of ours without the header', { 'sec-fetch-site': 'same-origin' }, 403],
    ['a form of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    ['another site that learned the header', { ...page, 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbour under the same domain', { ...page, 'sec-fetch-site': 'same-site' }, 403],
    ['another origin in an older browser', { 'x-momentry-console': '1', origin: 'https://evil.example' }, 403],
    ['a sandboxed frame', { 'x-momentry-console': '1', origin: 'null' }, 403],
    ['who says nothing', { 'x-momentry-console': '1' }, 403],
  ]

  it('changes something only from a page of ours', async () => {
    const { cookie } = await c.open()
    const body = { type: 'service', name: 'made by a page' }
    for (const [who, headers, status] of matrix) {
      const sent = { ...headers, ...(headers['origin'] === 'OWN' && { origin: t.api.url ?? '' }) }
      const answer = await c.by(cookie, sent)('POST', '/v1/keys', { body })
      expect.soft(answer.status, who).toBe(status === 200 ? 201 : status)
      expect.soft((await c.by(cookie, sent)('GET', '/v1/keys')).status, who).toBe(200)
    }
  })

  it('needs no header where the secret itself is sent, whatever the cookie', async () => {
    const { key, cookie } = await c.open()
    const call = c.by(cookie, { authorization: `Bearer ${key}`, 'sec-fetch-site': 'cross-site' })
    expect((await call('POST', '/v1/keys', { body: { type: 'service', name: 'x' } })).status).toBe(201)
    expect((await c.by(cookie, { ...page, authorization: 'Bearer nonsense' })('GET', '/v1/keys')).status).toBe(401)
  })

  it('is judged from where it comes, as the secret would be', async () => {
    const input = { scopes: ['keys:read'], policy: { allowedAddresses: ['192.0.2.0/24'] } }
    const { key } = await makeKey(t.asRoot, input)
    const inside = { ...page, 'x-forwarded-for': '192.0.2.7' }
    const cookie = cookieOf(await c.signIn(key, inside))
    expect((await c.by(cookie, inside)('GET', '/v1/keys')).status).toBe(200)
    expect(codeOf(await c.by(cookie)('GET', '/v1/keys'))).toBe('IP_NOT_ALLOWED')
    expect((await c.by(cookie, inside)('GET', '/v1/keys')).status).toBe(200)
  })

  it("spends of the key's limits", async () => {
    const policy = { rateLimits: [{ name: 'burst', requests: 2, windowSeconds: 60 }] }
    const { call } = await c.open({ scopes: ['keys:read'], policy })
    expect((await call('GET', '/v1/keys')).headers.get('ratelimit')).toContain('"burst"')
    await expect.poll(async () => (await call('GET', '/v1/keys')).status).toBe(429)
    expect((await call('GET', '/v1/session')).status).toBe(200)
  })
})
