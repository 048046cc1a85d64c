import { createPostgres } from '@momentry/shared/platform/postgres/client.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { pruneSessions } from '@momentry/shared/sessions/prune.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { codeOf } from '../client.ts'
import { type Harness, shareHarness } from '../harness.ts'
import { cookieOf, createConsolePage, page } from './console-page.ts'

let t: Harness
let c: ReturnType<typeof createConsolePage>
let db: pg.Client
beforeAll(async () => {
  t = await shareHarness()
  c = createConsolePage(t)
  db = new pg.Client({ connectionString: t.stores.databaseUrl })
  await db.connect()
})
afterAll(async () => {
  await db.end()
  await t.close()
})

const actionsOf = async (keyId: string) => {
  const { rows } = await db.query<{ action: string; text: string }>(
    `SELECT action, row_to_json(l)::text AS text FROM api_key_audit_log l WHERE key_id = $1 AND action LIKE 'session.%' ORDER BY seq`,
    [keyId],
  )
  return rows
}

describe('a session ends', () => {
  const age = (cookie: string, set: string) =>
    db.query(`UPDATE console_sessions SET ${set} WHERE token_digest = sha256($1::bytea)`, [
      Buffer.from(cookie.split('=')[1] ?? ''),
    ])

  it('12 hours after the sign-in, and after 2 without use; the cookie goes with it', async () => {
    for (const set of ["expires_at = now() - interval '1 s'", "last_seen_at = now() - interval '2 h'"]) {
      const { cookie, call } = await c.open()
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
    const { cookie, call } = await c.open()
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
    const { id, key, call } = await c.open()
    const second = c.by(cookieOf(await c.signIn(key)))
    const third = c.by(cookieOf(await c.signIn(key)))
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
    const living = await c.open()
    const overdue = await Promise.all([c.open(), c.open()])
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
    const mine = await c.open()
    const theirs = await c.open()
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
    const { id, call } = await c.open()
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { enabled: false } })
    await expect.poll(async () => (await call('GET', '/v1/session')).status).toBe(401)
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { enabled: true } })
    expect((await call('GET', '/v1/session')).status).toBe(401)
  })

  it('by a stream that it opened, too', async () => {
    const { cookie, call } = await c.open()
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
    const { id, key, cookie, call } = await c.open()
    const there = c.by(cookie, page, other.url)
    expect((await there('GET', '/v1/session')).status).toBe(200)
    expect((await there('DELETE', '/v1/session')).status).toBe(204)
    expect((await call('GET', '/v1/session')).status).toBe(401)
    const again = cookieOf(await c.signIn(key))
    expect((await c.by(again, page, other.url)('GET', '/v1/session')).status).toBe(200)
    await t.asRoot('DELETE', `/v1/keys/${id}`)
    for (const url of [t.api.url, other.url])
      await expect.poll(async () => (await c.by(again, page, url)('GET', '/v1/session')).status).toBe(401)
  })
})
