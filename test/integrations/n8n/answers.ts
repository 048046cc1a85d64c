import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { N8nTarget } from './suite.ts'

const keySchema = z.object({ data: z.object({ id: z.string(), rawApiKey: z.string(), label: z.string() }) })
const ready = { label: 'a', scopes: ['workflow:list'], expiresAt: null }
const issue = (code: string, path: (string | number)[], message: string) => ({ code, path, message })

/** What n8n refuses to make a key of, and its very words. */
const refused: [string, object, number, object][] = [
  ['nothing', {}, 400, issue('invalid_type', ['label'], 'Required')],
  [
    'an empty label',
    { ...ready, label: '' },
    400,
    issue('too_small', ['label'], 'String must contain at least 1 character(s)'),
  ],
  [
    'a long label',
    { ...ready, label: 'x'.repeat(51) },
    400,
    issue('too_big', ['label'], 'String must contain at most 50 character(s)'),
  ],
  [
    'a label like HTML',
    { ...ready, label: 'a > b' },
    400,
    issue('custom', ['label'], 'Label can only contain letters, numbers, spaces and punctuation'),
  ],
  ['no scopes', { label: 'a', expiresAt: null }, 400, issue('invalid_type', ['scopes'], 'Required')],
  [
    'an empty list of scopes',
    { ...ready, scopes: [] },
    400,
    issue('too_small', ['scopes'], 'Array must contain at least 1 element(s)'),
  ],
  [
    'a scope that is none',
    { ...ready, scopes: [5] },
    400,
    issue('invalid_type', ['scopes', 0], 'Expected string, received number'),
  ],
  ['an unknown scope', { ...ready, scopes: ['x:y'] }, 400, { code: 400, message: 'Invalid scopes for user role' }],
  ['no expiry', { label: 'a', scopes: ['workflow:list'] }, 400, issue('invalid_type', ['expiresAt'], 'Required')],
  [
    'a past expiry',
    { ...ready, expiresAt: 1 },
    400,
    issue('custom', ['expiresAt'], 'Expiration date must be in the future or null'),
  ],
  ['half a second', { ...ready, expiresAt: 4_000_000_000.5 }, 500, { code: 0 }],
]

/** Declares n8n's own answers, request by request: what the test server says is what the real one says. */
export function describeN8nAnswers(title: string, open: () => Promise<N8nTarget> | N8nTarget): void {
  describe(title, () => {
    const label = `momentry-${randomBytes(4).toString('hex')}`
    let target: N8nTarget
    let cookie = ''
    let key: z.infer<typeof keySchema>['data']

    const send = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${target.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text, headers: answer.headers }
    }
    // Its session is opened with a browser-id, which every request must carry from then on.
    const asUser = (method: string, path: string, body?: object) =>
      send(method, path, body, { cookie, 'browser-id': 'one' })
    const signIn = (body: object, headers?: Record<string, string>) => send('POST', '/rest/login', body, headers)
    const ask = (path: string, value: string) => send('GET', `/api/v1${path}`, undefined, { 'x-n8n-api-key': value })

    beforeAll(async () => {
      target = await open()
      const { email: emailOrLdapLoginId, password } = target
      const { headers } = await signIn({ emailOrLdapLoginId, password }, { 'browser-id': 'one' })
      cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
      const made = await asUser('POST', '/rest/api-keys', { label, scopes: ['tag:list'], expiresAt: null })
      key = keySchema.parse(made.body).data
    })
    afterAll(async () => {
      await asUser('DELETE', `/rest/api-keys/${key.id}`)
      await asUser('POST', '/rest/logout')
    })

    it.each([
      ['no address', {}, 400, issue('invalid_type', ['emailOrLdapLoginId'], 'Required')],
      ['no e-mail address', { emailOrLdapLoginId: 'ops', password: 'x' }, 400, { code: 400 }],
      [
        'no password',
        { emailOrLdapLoginId: 'a@example.com', password: '' },
        400,
        issue('too_small', ['password'], 'String must contain at least 1 character(s)'),
      ],
      ['a stranger', { emailOrLdapLoginId: `${label}@example.com`, password: 'x' }, 401, { code: 401 }],
    ])('signs nobody in with %s', async (_, body, status, answer) => {
      expect(await signIn(body)).toMatchObject({ status, body: answer })
    })

    it('takes a session with the browser-id that it was opened with, and no other', async () => {
      const answer = { status: 401, body: { status: 'error', message: 'Unauthorized' } }
      const path = '/rest/api-keys/scopes'
      expect(await asUser('GET', path)).toMatchObject({ status: 200, body: { data: expect.any(Array) } })
      expect(await send('GET', path, undefined, { cookie })).toMatchObject(answer)
      expect(await send('GET', path, undefined, { cookie, 'browser-id': 'two' })).toMatchObject(answer)
      expect(await send('GET', path)).toMatchObject(answer)
    })

    it.each(refused)('makes no key of %s', async (_, body, status, answer) => {
      expect(await asUser('POST', '/rest/api-keys', body)).toMatchObject({ status, body: answer })
    })

    it('says that a label is taken by a 500', async () => {
      const taken = { status: 500, body: { code: 0, message: 'There is already an entry with this name' } }
      const body = { label, scopes: ['tag:list'], expiresAt: null }
      expect(await asUser('POST', '/rest/api-keys', body)).toMatchObject(taken)
    })

    it('gives as long a page as is asked for, and no longer than there are keys', async () => {
      const list = async (query: string) => (await asUser('GET', `/rest/api-keys?${query}&ownership=mine`)).body
      const { data } = await list('take=1&skip=0')
      expect(data.items).toHaveLength(1)
      expect(data.items[0]).not.toHaveProperty('rawApiKey')
      expect(data.items[0]).toMatchObject({ owner: { email: target.email.toLowerCase() } })
      expect((await list('take=250&skip=100000')).data).toMatchObject({ items: [], counts: data.counts })
      expect(await asUser('GET', '/rest/api-keys?take=x')).toMatchObject({ status: 400, body: { path: ['take'] } })
    })

    it('tells of a key by the key', async () => {
      expect(await ask('/discover', key.rawApiKey)).toMatchObject({
        status: 200,
        body: { data: { scopes: ['tag:list'] } },
      })
      expect(await ask('/workflows?limit=1', key.rawApiKey)).toMatchObject({
        status: 403,
        body: { message: 'Forbidden' },
      })
      expect(await ask('/discover', 'x')).toMatchObject({ status: 401, body: { message: 'unauthorized' } })
      expect(await ask('/workflows?limit=1', 'x')).toMatchObject({ status: 401, body: { message: 'Unauthorized' } })
      expect(await ask('/no-such-thing', key.rawApiKey)).toMatchObject({ status: 404, body: { message: 'not found' } })
      const bearer = { authorization: `Bearer ${key.rawApiKey}` }
      expect(await send('GET', '/api/v1/workflows?limit=1', undefined, bearer)).toMatchObject({ status: 401 })
    })

    it('changes and rotates a key, which ends the old value at once', async () => {
      const change = { label, scopes: ['tag:read'] }
      const done = { status: 200, body: { data: { success: true } } }
      expect(await asUser('PATCH', `/rest/api-keys/${key.id}`, change)).toMatchObject(done)
      const unknown = { label: `${label}-x`, scopes: ['tag:read'] }
      expect(await asUser('PATCH', '/rest/api-keys/NoSuchKey', unknown)).toMatchObject(done)
      const rotated = keySchema.parse((await asUser('POST', `/rest/api-keys/${key.id}/rotate`, {})).body).data
      expect(rotated).toMatchObject({ id: key.id, label })
      expect(await ask('/discover', key.rawApiKey)).toMatchObject({ status: 401 })
      expect(await ask('/discover', rotated.rawApiKey)).toMatchObject({ body: { data: { scopes: ['tag:read'] } } })
    })

    it('knows no key that there is not', async () => {
      const missing = { status: 404, body: { code: 404, message: 'API key not found' } }
      expect(await asUser('DELETE', '/rest/api-keys/NoSuchKey')).toMatchObject(missing)
      expect(await asUser('POST', '/rest/api-keys/NoSuchKey/rotate', {})).toMatchObject(missing)
    })

    it('has an owner, who is set up once', async () => {
      const owner = { email: 'late@example.com', firstName: 'L', lastName: 'L', password: 'Correct-horse-9' }
      expect(await send('POST', '/rest/owner/setup', owner)).toMatchObject({
        status: 400,
        body: { code: 400, message: 'Instance owner already setup' },
      })
    })
  })
}
