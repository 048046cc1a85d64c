import { giteaTokens } from '@momentry/shared/integrations/gitea/table.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { codeOf } from '../../api/client.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { ada, bodyOf, credentialSchema, type GiteaHarness, giteaPath, startGiteaHarness } from '../harness.ts'

let t: GiteaHarness
let bench: Workbench
beforeAll(async () => {
  t = await startGiteaHarness({ INTEGRATION_TIMEOUT_SECONDS: '5' })
  bench = await createWorkbench(t.env)
})
afterAll(async () => {
  await bench.close()
  await t.close()
})
beforeEach(() => t.gitea.clearFaults())

const reconciledSchema = z.object({
  owner: z.string(),
  data: z.array(credentialSchema),
  gone: z.array(credentialSchema),
  unknown: z.array(z.object({ remoteId: z.string(), name: z.string() })),
  adopted: z.array(credentialSchema),
  removed: z.array(z.object({ name: z.string() })),
})
const reconcile = async (body: object = {}) =>
  reconciledSchema.parse(
    bodyOf(await t.asRoot('POST', `${giteaPath}/reconcile`, { body: { credentials: ada, ...body } }), 200),
  )
const post = (body: object) => t.asRoot('POST', giteaPath, { body: { credentials: ada, ...body } })
const thereIs = (name: string) => t.gitea.tokens('ada').some((token) => token.name === name)

describe('create', () => {
  it('makes a token there, shows it once, and keeps nothing of it but its end', async () => {
    const { key, id, ...made } = await t.create({ name: 'ci', scopes: ['write:package', 'read:package', 'read:user'] })
    expect(t.gitea.tokens('ada').map((token) => token.value)).toContain(key)
    expect(made).toMatchObject({ owner: 'ada', state: 'active', version: 1, hint: key.slice(-8) })
    // As the server normalised them: what is written is read.
    expect([...made.scopes].sort()).toEqual(['read:user', 'write:package'])
    expect(await t.asRoot('GET', `${giteaPath}/${id}`)).not.toMatchObject({ text: expect.stringContaining(key) })
    const rows = await bench.postgres.db.select().from(giteaTokens)
    expect(JSON.stringify(rows)).not.toContain(key)
    expect(JSON.stringify(rows)).not.toContain(ada.password)
  })

  it('checks scopes before anything is sent, and says what may have been meant', async () => {
    const before = t.gitea.requests.length
    const answer = await post({ name: 'typo', scopes: ['read:user', 'read:pakage'] })
    expect(codeOf(answer)).toBe('VALIDATION_FAILED')
    expect(answer.body).toMatchObject({
      errors: [{ pointer: '/scopes/1', detail: expect.stringContaining('did you mean read:package?') }],
    })
    expect(t.gitea.requests.length).toBe(before)
  })

  it('refuses a name that is in use, here or there', async () => {
    await t.create({ name: 'taken' })
    expect(codeOf(await post({ name: 'taken', scopes: ['read:user'] }))).toBe('CONFLICT')
    t.gitea.plantToken('ada', 'made by hand')
    expect(codeOf(await post({ name: 'made by hand', scopes: ['read:user'] }))).toBe('CONFLICT')
    expect(t.gitea.tokens('ada').filter(({ name }) => name === 'made by hand')).toHaveLength(1)
  })

  it('tells a refused account from a refused key', async () => {
    const answer = await post({
      name: 'x',
      scopes: ['read:user'],
      credentials: { ...ada, password: 'hunter2-hunter2' },
    })
    expect(answer).toMatchObject({ status: 422 })
    expect(codeOf(answer)).toBe('REMOTE_CREDENTIALS_REFUSED')
    expect(answer.text).not.toContain('hunter2')
  })

  it.each([
    ['without an account', { credentials: undefined }, 'CONNECTION_NEEDED'],
    ['with both', { connectionId: '019a2b3c-0000-7000-8000-00000000000a' }, 'VALIDATION_FAILED'],
    ['with an expiry that has passed', { expiresAt: '2020-01-01T00:00:00Z' }, 'VALIDATION_FAILED'],
    ['with a schedule that nobody could carry out', { policy: { intervalSeconds: 3600 } }, 'VALIDATION_FAILED'],
    ['with no scopes', { scopes: [] }, 'VALIDATION_FAILED'],
  ])('refuses one %s', async (_, input, code) => {
    expect(codeOf(await post({ name: 'refused', scopes: ['read:user'], ...input }))).toBe(code)
    expect(thereIs('refused')).toBe(false)
  })

  it.each([
    ['is lost with the connection', { kind: 'reset', when: 'after' }],
    ['comes by half', { kind: 'half-answer' }],
    ['comes too late', { kind: 'delay', ms: 6_000 }],
  ] as const)('removes what was made where the answer %s', async (what, fault) => {
    t.gitea.inject(fault, { method: 'POST' })
    const name = `lost: ${what}`
    expect(codeOf(await post({ name, scopes: ['read:user'] }))).toBe('REMOTE_UNREACHABLE')
    expect(thereIs(name)).toBe(false)
    await t.create({ name })
  })

  it('removes it later, where it cannot at once', async () => {
    const name = 'lost for a while'
    t.gitea.inject({ kind: 'reset', when: 'after' }, { method: 'POST' })
    // The list before it, and then none: the server is away when it is to be tidied up.
    t.gitea.inject({ kind: 'delay', ms: 1 }, { method: 'GET' })
    t.gitea.inject({ kind: 'reset', when: 'before' }, { method: 'GET', times: 3 })
    expect(codeOf(await post({ name, scopes: ['read:user'] }))).toBe('REMOTE_UNREACHABLE')
    expect(thereIs(name)).toBe(true)
    t.gitea.clearFaults()
    const { removed, unknown } = await reconcile()
    expect(removed).toMatchObject([{ name }])
    expect(unknown.map((remote) => remote.name)).not.toContain(name)
    expect(thereIs(name)).toBe(false)
  })

  it('leaves alone what somebody made by hand after a creation that came to nothing', async () => {
    const name = 'made by hand afterwards'
    t.gitea.inject({ kind: 'delay', ms: 1 }, { method: 'GET' })
    t.gitea.inject({ kind: 'reset', when: 'before' }, { method: 'POST' })
    t.gitea.inject({ kind: 'reset', when: 'before' }, { method: 'GET', times: 3 })
    expect(codeOf(await post({ name, scopes: ['read:user'] }))).toBe('REMOTE_UNREACHABLE')
    t.gitea.clearFaults()
    const token = t.gitea.plantToken('ada', name)
    token.createdAt = new Date(Date.now() + 300_000)
    const { removed, unknown } = await reconcile()
    expect(removed).toEqual([])
    expect(unknown.map((remote) => remote.name)).toContain(name)
    expect(codeOf(await post({ name, scopes: ['read:user'] }))).toBe('CONFLICT')
    expect(thereIs(name)).toBe(true)
  })

  it('makes one for the same Idempotency-Key, and gives the same value again', async () => {
    const request = {
      body: { name: 'once', scopes: ['read:user'], credentials: ada },
      headers: { 'idempotency-key': 'k1' },
    }
    const first = await t.asRoot('POST', giteaPath, request)
    const again = await t.asRoot('POST', giteaPath, request)
    expect(first).toMatchObject({ status: 201 })
    expect(again).toMatchObject({ status: 201, text: first.text })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const other = { ...request, body: { ...request.body, name: 'twice' } }
    expect(codeOf(await t.asRoot('POST', giteaPath, other))).toBe('IDEMPOTENCY_KEY_REUSED')
    expect(t.gitea.tokens('ada').filter(({ name }) => name === 'once')).toHaveLength(1)
  })

  it('makes one where two ask for the same name at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => post({ name: 'raced', scopes: ['read:user'] })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    expect(t.gitea.tokens('ada').filter(({ name }) => name === 'raced')).toHaveLength(1)
  })
})

describe('reconcile', () => {
  it('shows what is gone, and what is unknown, and takes that in', async () => {
    const vanishing = await t.create({ name: 'vanishing' })
    const staying = await t.create({ name: 'staying' })
    t.gitea.dropToken(Number(vanishing.remoteId))
    const planted = t.gitea.plantToken('ada', 'planted', ['write:issue'])
    const seen = await reconcile()
    expect(seen.gone.map(({ id }) => id)).toEqual([vanishing.id])
    expect(seen.data.map(({ id }) => id)).toContain(staying.id)
    expect(seen.unknown.map(({ name }) => name)).toContain('planted')
    expect(await t.read(vanishing.id)).toMatchObject({ state: 'gone' })

    const { adopted, unknown } = await reconcile({ adopt: [String(planted.id)] })
    expect(adopted).toMatchObject([{ name: 'planted', state: 'active', adopted: true, scopes: ['write:issue'] }])
    expect(unknown.map(({ name }) => name)).not.toContain('planted')
    expect((await reconcile({ adopt: true })).unknown).toEqual([])
    expect((await reconcile({ adopt: true })).adopted).toEqual([])
  })
})

describe('delete', () => {
  const remove = (id: string) => t.asRoot('POST', `${giteaPath}/${id}/delete`, { body: { credentials: ada } })

  it('deletes it there, and says so where it was gone already', async () => {
    const { id, name } = await t.create()
    expect(bodyOf(await remove(id), 200)).toMatchObject({ outcome: 'deleted', state: 'deleted' })
    expect(thereIs(name)).toBe(false)
    expect(bodyOf(await remove(id), 200)).toMatchObject({ outcome: 'gone', state: 'deleted' })
    const other = await t.create()
    t.gitea.dropToken(Number(other.remoteId))
    expect(bodyOf(await remove(other.id), 200)).toMatchObject({ outcome: 'gone', state: 'deleted' })
  })

  it('takes its own connection where no account is given', async () => {
    const { id } = await t.create({ connectionId: await t.connect() })
    expect(bodyOf(await t.asRoot('DELETE', `${giteaPath}/${id}`), 200)).toMatchObject({ outcome: 'deleted' })
    const { id: without } = await t.create()
    expect(codeOf(await t.asRoot('DELETE', `${giteaPath}/${without}`))).toBe('CONNECTION_NEEDED')
  })

  it('leaves alone what has its id there now and is another one', async () => {
    const { id, remoteId } = await t.create({ name: 'before the restore' })
    const token = t.gitea.tokens('ada').find((one) => String(one.id) === remoteId)
    if (!token) throw new Error('it was not made')
    token.name = 'somebody else'
    expect(codeOf(await remove(id))).toBe('CONFLICT')
    expect(thereIs('somebody else')).toBe(true)
  })
})

describe('verify', () => {
  const verify = async (key: string) => bodyOf(await t.asRoot('POST', `${giteaPath}/verify`, { body: { key } }), 200)

  it('tells what Gitea says, and which tracked one it is', async () => {
    const { key, id } = await t.create()
    expect(await verify(key)).toMatchObject({ outcome: 'valid', owner: 'ada', tracked: { id, lastOutcome: 'valid' } })
    expect(await t.read(id)).toMatchObject({ lastOutcome: 'valid' })
    expect(await verify('0'.repeat(40))).toMatchObject({ outcome: 'invalid', tracked: null })
  })

  it('does not take an outage for a no', async () => {
    const { key } = await t.create()
    t.gitea.inject({ kind: 'reset', when: 'before' }, { times: 3 })
    expect(await verify(key)).toMatchObject({ outcome: 'unreachable' })
  })
})

describe('a connection', () => {
  const path = '/v1/integrations/connections'
  const store = (credentials: object, name = 'tried') =>
    t.asRoot('POST', path, { body: { system: 'gitea', name, credentials } })

  it('is stored once Gitea takes the account, and shows nothing of its password', async () => {
    expect(codeOf(await store({ ...ada, password: 'hunter2-hunter2' }))).toBe('REMOTE_CREDENTIALS_REFUSED')
    const stored = await store(ada, 'stored')
    expect(bodyOf(stored, 201)).toMatchObject({ system: 'gitea', account: 'ada', name: 'stored', error: null })
    expect(stored.text).not.toContain(ada.password)
    expect(codeOf(await store(ada, 'stored'))).toBe('CONFLICT')
  })

  it.each([
    ['a one-time code, which works once', { ...ada, otp: '123456' }, '/credentials/otp'],
    ["another system's", { email: 'a@b.example', password: 'x' }, '/credentials/username'],
  ])('is not stored with %s', async (_, credentials, pointer) => {
    const answer = await store(credentials)
    expect(codeOf(answer)).toBe('VALIDATION_FAILED')
    expect(answer.text).toContain(pointer)
  })

  it('says so where the account is refused later, takes a new password, and is not forgotten while it is needed', async () => {
    t.gitea.addUser({ username: 'bob', password: 'first password' })
    const bob = { username: 'bob', password: 'first password' }
    const { id } = credentialSchema.pick({ id: true }).parse(bodyOf(await store(bob, "bob's"), 201))
    bodyOf(await t.asRoot('POST', giteaPath, { body: { name: 'bob', scopes: ['read:user'], connectionId: id } }), 201)
    t.gitea.removeUser('bob')
    t.gitea.addUser({ username: 'bob', password: 'second password' })
    expect(codeOf(await t.asRoot('POST', `${path}/${id}/check`))).toBe('REMOTE_CREDENTIALS_REFUSED')
    const seen = async () => bodyOf(await t.asRoot('GET', `${path}/${id}`), 200)
    expect(await seen()).toMatchObject({ error: expect.stringContaining('refused the account') })
    const renew = (credentials: object) => t.asRoot('PATCH', `${path}/${id}`, { body: { credentials } })
    expect(codeOf(await renew(ada))).toBe('CONFLICT')
    expect(bodyOf(await renew({ ...bob, password: 'second password' }), 200)).toMatchObject({ error: null })
    expect(codeOf(await t.asRoot('DELETE', `${path}/${id}`))).toBe('CONFLICT')
    expect(await t.asRoot('DELETE', `${path}/${id}?force=true`)).toMatchObject({ status: 204 })
    expect(codeOf(await t.asRoot('GET', `${path}/${id}`))).toBe('CONNECTION_NOT_FOUND')
  })

  it('is stored once for the same Idempotency-Key', async () => {
    const request = { body: { system: 'gitea', name: 'once', credentials: ada }, headers: { 'idempotency-key': 'c1' } }
    const first = await t.asRoot('POST', path, request)
    expect(await t.asRoot('POST', path, request)).toMatchObject({ status: 201, text: first.text })
  })
})

it('lets nobody in without the scope', async () => {
  const call = await t.as('keys:write', 'keys:read')
  expect(codeOf(await call('GET', giteaPath))).toBe('FORBIDDEN')
  expect(codeOf(await t.asAnyone('GET', giteaPath))).toBe('UNAUTHENTICATED')
})

it('shows which systems there are', async () => {
  expect(bodyOf(await t.asRoot('GET', '/v1/integrations'), 200)).toMatchObject({
    data: [
      { system: 'gitea', server: t.gitea.url, capabilities: { expires: false } },
      { system: 'n8n', server: null, capabilities: null },
    ],
  })
  expect(codeOf(await t.asRoot('POST', '/v1/integrations/n8n/keys/verify', { body: { key: 'x' } }))).toBe(
    'INTEGRATION_NOT_CONFIGURED',
  )
})
