import { createPostgres } from '@momentry/shared/platform/postgres/client.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { pruneSessions } from '@momentry/shared/sessions/prune.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { type Answer, type Call, codeOf, createClient, makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

const maxAttempts = 4

let t: Harness
let db: pg.Client
beforeAll(async () => {
  t = await startHarness({ TRUSTED_PROXIES: '127.0.0.1', RATE_LIMIT_MAX_ATTEMPTS: String(maxAttempts) })
  db = new pg.Client({ connectionString: t.stores.databaseUrl })
  await db.connect()
})
afterAll(async () => {
  await db.end()
  await t.close()
})

/** What the console sends with whatever changes something. */
const page = { 'x-momentry-console': '1', 'sec-fetch-site': 'same-origin' }
const signIn = (key: string, headers: Record<string, string> = {}, call: Call = t.asAnyone) =>
  call('POST', '/v1/session', { body: { key }, headers: { ...page, ...headers } })

/** The pair of a Set-Cookie header, as a browser sends it back. */
const cookieOf = (answer: Answer) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''

/** Calls as the console does, by a session. */
function by(cookie: string, headers: Record<string, string> = page, url = t.api.url): Call {
  const call = createClient(url)
  return (method, path, options = {}) =>
    call(method, path, { ...options, headers: { cookie, ...headers, ...options.headers } })
}

/** Opens a session of a new key. */
async function open(input: object = { scopes: ['keys:*', 'anomalies:read'] }) {
  const made = await makeKey(t.asRoot, input)
  const cookie = cookieOf(await signIn(made.key))
  return { ...made, cookie, call: by(cookie) }
}

const actionsOf = async (keyId: string) => {
  const { rows } = await db.query<{ action: string; text: string }>(
    `SELECT action, row_to_json(l)::text AS text FROM api_key_audit_log l WHERE key_id = $1 AND action LIKE 'session.%' ORDER BY seq`,
    [keyId],
  )
  return rows
}

describe('signing in', () => {
  it('opens a session that may do what the key may, and no more', async () => {
    const { id, key } = await makeKey(t.asRoot, { name: 'ops', scopes: ['keys:read', 'anomalies:read'] })
    const answer = await signIn(key)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ keyId: id, name: 'ops', type: 'service', secretVersion: 1 })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const call = by(cookieOf(answer))
    expect((await call('GET', '/v1/session')).body).toEqual(answer.body)
    expect((await call('GET', '/v1/keys')).status).toBe(200)
    expect((await call('GET', '/v1/audit')).status).toBe(403)
    expect(codeOf(await call('POST', '/v1/keys', { body: { type: 'service', name: 'x' } }))).toBe('FORBIDDEN')
  })

  it('sets a cookie that scripts and other sites do not get, and gives the secret back nowhere', async () => {
    const { key } = await makeKey(t.asRoot)
    const answer = await signIn(key)
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
    const answer = await signIn(key, tls)
    const set = answer.headers.get('set-cookie') ?? ''
    expect(set).toMatch(/^__Host-momentry_session=[\w-]{43}; .*HttpOnly; Secure; SameSite=Strict$/)
    expect((await by(cookieOf(answer), { ...page, ...tls })('GET', '/v1/session')).status).toBe(200)
    // A neighbour under the same domain can set the plain name.
    const planted = `momentry_session=${cookieOf(answer).split('=')[1]}`
    expect((await by(planted, { ...page, ...tls })('GET', '/v1/session')).status).toBe(401)
  })

  it('takes no token that came from outside: the session is a new one, and the one before is over', async () => {
    const { key, cookie, call } = await open()
    const planted = `momentry_session=${'A'.repeat(43)}`
    const fresh = await signIn(key, { cookie: planted })
    expect(cookieOf(fresh)).not.toBe(planted)
    expect((await by(planted)('GET', '/v1/session')).status).toBe(401)
    const again = await signIn(key, { cookie })
    expect(cookieOf(again)).not.toBe(cookie)
    expect((await call('GET', '/v1/session')).status).toBe(401)
    expect((await by(cookieOf(again))('GET', '/v1/session')).status).toBe(200)
  })

  it('is not for other sites', async () => {
    const { key } = await makeKey(t.asRoot)
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      const answer = await signIn(key, headers)
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
    await expect.poll(async () => codeOf(await signIn(revoked.key))).toBe('UNAUTHENTICATED')
    const elsewhere = await makeKey(t.asRoot, { policy: { allowedAddresses: ['192.0.2.0/24'] } })
    expect(codeOf(await signIn(elsewhere.key))).toBe('IP_NOT_ALLOWED')
    expect((await signIn(elsewhere.key, { 'x-forwarded-for': '192.0.2.7' })).status).toBe(200)
    for (const body of [{}, { key: '' }, { key: 'x'.repeat(513) }, { key: 7 }, { key: 'x', more: 1 }, []])
      expect((await t.asAnyone('POST', '/v1/session', { body, headers: page })).status).toBe(400)
  })

  it('locks an address out that guesses, and counts a stale cookie as no guess', async () => {
    const from = { 'x-forwarded-for': '198.51.100.9' }
    const { key } = await makeKey(t.asRoot)
    const stale = by(`momentry_session=${'B'.repeat(43)}`, { ...page, ...from })
    for (let n = 0; n < 2 * maxAttempts; n++) expect((await stale('GET', '/v1/session')).status).toBe(401)
    for (let n = 0; n < maxAttempts; n++) expect(codeOf(await signIn(`guess ${n}`, from))).toBe('UNAUTHENTICATED')
    const locked = await signIn(key, from)
    expect(codeOf(locked)).toBe('LOCKED_OUT')
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await signIn(key, { 'x-forwarded-for': '198.51.100.10' })).status).toBe(200)
  })

  it('leaves a key no more than 20 sessions', async () => {
    const { id, key, call } = await open()
    for (let n = 0; n < 20; n += 5) await Promise.all(Array.from({ length: 5 }, () => signIn(key)))
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
    const { cookie } = await open()
    const body = { type: 'service', name: 'made by a page' }
    for (const [who, headers, status] of matrix) {
      const sent = { ...headers, ...(headers['origin'] === 'OWN' && { origin: t.api.url ?? '' }) }
      const answer = await by(cookie, sent)('POST', '/v1/keys', { body })
      expect.soft(answer.status, who).toBe(status === 200 ? 201 : status)
      expect.soft((await by(cookie, sent)('GET', '/v1/keys')).status, who).toBe(200)
    }
  })

  it('needs no header where the secret itself is sent, whatever the cookie', async () => {
    const { key, cookie } = await open()
    const call = by(cookie, { authorization: `Bearer ${key}`, 'sec-fetch-site': 'cross-site' })
    expect((await call('POST', '/v1/keys', { body: { type: 'service', name: 'x' } })).status).toBe(201)
    expect((await by(cookie, { ...page, authorization: 'Bearer nonsense' })('GET', '/v1/keys')).status).toBe(401)
  })

  it('is judged from where it comes, as the secret would be', async () => {
    const input = { scopes: ['keys:read'], policy: { allowedAddresses: ['192.0.2.0/24'] } }
    const { key } = await makeKey(t.asRoot, input)
    const inside = { ...page, 'x-forwarded-for': '192.0.2.7' }
    const cookie = cookieOf(await signIn(key, inside))
    expect((await by(cookie, inside)('GET', '/v1/keys')).status).toBe(200)
    expect(codeOf(await by(cookie)('GET', '/v1/keys'))).toBe('IP_NOT_ALLOWED')
    expect((await by(cookie, inside)('GET', '/v1/keys')).status).toBe(200)
  })

  it("spends of the key's limits", async () => {
    const policy = { rateLimits: [{ name: 'burst', requests: 2, windowSeconds: 60 }] }
    const { call } = await open({ scopes: ['keys:read'], policy })
    expect((await call('GET', '/v1/keys')).headers.get('ratelimit')).toContain('"burst"')
    await expect.poll(async () => (await call('GET', '/v1/keys')).status).toBe(429)
    expect((await call('GET', '/v1/session')).status).toBe(200)
  })
})

describe('a session ends', () => {
  const age = (cookie: string, set: string) =>
    db.query(`UPDATE console_sessions SET ${set} WHERE token_digest = sha256($1::bytea)`, [
      Buffer.from(cookie.split('=')[1] ?? ''),
    ])

  it('12 hours after the sign-in, and after 2 without use; the cookie goes with it', async () => {
    for (const set of ["expires_at = now() - interval '1 s'", "last_seen_at = now() - interval '2 h'"]) {
      const { cookie, call } = await open()
      expect((await call('GET', '/v1/session')).status).toBe(200)
      await age(cookie, set)
      const answer = await call('GET', '/v1/session')
      expect(codeOf(answer)).toBe('UNAUTHENTICATED')
      expect(answer.headers.get('set-cookie')).toMatch(
        /^momentry_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/,
      )
    }
  })

  it('later for being used, which is written down once a minute', async () => {
    const { cookie, call } = await open()
    const seen = async () => {
      const { rows } = await db.query<{ at: Date }>(
        'SELECT last_seen_at AS at FROM console_sessions WHERE token_digest = sha256($1::bytea)',
        [Buffer.from(cookie.split('=')[1] ?? '')],
      )
      return rows[0]?.at.getTime() ?? 0
    }
    const first = await seen()
    await call('GET', '/v1/session')
    expect(await seen()).toBe(first)
    await age(cookie, "last_seen_at = now() - interval '119 min'")
    await call('GET', '/v1/session')
    expect(await seen()).toBeGreaterThanOrEqual(first)
  })

  it('by signing out: here, one of the list, and everywhere; each is in the audit log', async () => {
    const { id, key, call } = await open()
    const second = by(cookieOf(await signIn(key)))
    const third = by(cookieOf(await signIn(key)))
    const listed = z
      .looseObject({ data: z.array(z.looseObject({ id: z.string(), current: z.boolean(), address: z.string() })) })
      .parse((await second('GET', '/v1/sessions')).body).data
    expect(listed.map(({ current }) => current)).toEqual([false, true, false])
    expect((await call('DELETE', `/v1/sessions/${listed[0]?.id}`)).status).toBe(204)
    expect((await third('GET', '/v1/session')).status).toBe(401)
    const out = await second('DELETE', '/v1/session')
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await second('GET', '/v1/session')).status).toBe(401)
    expect((await call('DELETE', '/v1/sessions')).body).toEqual({ ended: 1 })
    expect((await call('GET', '/v1/session')).status).toBe(401)
    const rows = await actionsOf(id)
    expect(rows.map(({ action }) => action)).toEqual([
      ...Array(3).fill('session.opened'),
      ...Array(3).fill('session.ended'),
    ])
    for (const { text } of rows) expect(text).not.toMatch(/mty_|momentry_session/)
  })

  it('and its row goes, with those of others that are over', async () => {
    const living = await open()
    const overdue = await Promise.all([open(), open()])
    await age(overdue[0].cookie, "expires_at = now() - interval '1 s'")
    await age(overdue[1].cookie, "last_seen_at = now() - interval '3 h'")
    const log = createLogger({ name: 'test', level: 'silent' })
    const postgres = createPostgres({ url: t.stores.databaseUrl, poolSize: 1, applicationName: 'test', log })
    expect(await pruneSessions(postgres.db, Date.now())).toBeGreaterThanOrEqual(2)
    expect(await pruneSessions(postgres.db, Date.now())).toBe(0)
    await postgres.close()
    expect((await living.call('GET', '/v1/session')).status).toBe(200)
  })

  it('by its own key alone', async () => {
    const mine = await open()
    const theirs = await open()
    const [session] = z
      .looseObject({ data: z.array(z.looseObject({ id: z.string() })) })
      .parse((await theirs.call('GET', '/v1/sessions')).body).data
    expect(codeOf(await mine.call('DELETE', `/v1/sessions/${session?.id}`))).toBe('SESSION_NOT_FOUND')
    await mine.call('DELETE', '/v1/sessions')
    expect((await theirs.call('GET', '/v1/session')).status).toBe(200)
    expect(codeOf(await t.asRoot('GET', '/v1/session'))).toBe('SESSION_NOT_FOUND')
    expect(codeOf(await t.asRoot('DELETE', '/v1/session'))).toBe('SESSION_NOT_FOUND')
  })

  it('with the key for good: one that was disabled and enabled again has to sign in again', async () => {
    const { id, call } = await open()
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { enabled: false } })
    await expect.poll(async () => (await call('GET', '/v1/session')).status).toBe(401)
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { enabled: true } })
    expect((await call('GET', '/v1/session')).status).toBe(401)
  })

  it('by a stream that it opened, too', async () => {
    const { cookie, call } = await open()
    const answer = await fetch(`${t.api.url}/v1/alerts/stream`, { headers: { cookie } })
    expect(answer.status).toBe(200)
    let ended = false
    const reading = answer.text().then(() => {
      ended = true
    })
    expect((await call('DELETE', '/v1/session')).status).toBe(204)
    await expect.poll(() => ended).toBe(true)
    await reading
  })
})

describe('of several processes', () => {
  let other: TestProcess
  beforeAll(async () => {
    other = await startProcess('api', t.stores.env)
  })
  afterAll(async () => {
    await other.stop()
  })

  it('each knows a session, and its end, by the sign-out or by the key', async () => {
    const { id, key, cookie, call } = await open()
    const there = by(cookie, page, other.url)
    expect((await there('GET', '/v1/session')).status).toBe(200)
    expect((await there('DELETE', '/v1/session')).status).toBe(204)
    expect((await call('GET', '/v1/session')).status).toBe(401)
    const again = cookieOf(await signIn(key))
    expect((await by(again, page, other.url)('GET', '/v1/session')).status).toBe(200)
    await t.asRoot('DELETE', `/v1/keys/${id}`)
    for (const url of [t.api.url, other.url])
      await expect.poll(async () => (await by(again, page, url)('GET', '/v1/session')).status).toBe(401)
  })
})
