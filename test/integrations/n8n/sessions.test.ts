import { heldSessions } from '@momentry/shared/integrations/connections/sessions.ts'
import type { SessionStore } from '@momentry/shared/integrations/integration.ts'
import { createN8n } from '@momentry/shared/integrations/n8n/integration.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type N8nOptions, type N8nServer, startN8n } from '../../support/remote/n8n/n8n-server.ts'

const ops = { email: 'ops@example.com', password: 'Correct-horse-1' }
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function start(options: N8nOptions = {}): Promise<N8nServer> {
  const server = await startN8n(options)
  closers.push(server.close)
  server.addUser(ops)
  return server
}

function connect(server: N8nServer) {
  const n8n = createN8n({ server: server.url, timeoutMs: 2_000, now: Date.now })
  closers.push(n8n.close)
  return n8n
}

let server: N8nServer
beforeEach(async () => {
  server = await start()
})
const open = (sessions?: SessionStore, credentials: object = ops) =>
  connect(server).open({ credentials, ...(sessions && { sessions }) })
const logins = () => server.requests.filter(({ path }) => path === '/rest/login').length

it('signs in once for as many calls as there are, also at the same time', async () => {
  const account = open(heldSessions())
  await Promise.all([account.list(), account.list(), account.checkScopes(['x'])])
  await account.list()
  expect(logins()).toBe(1)
  expect(server.requests.every(({ headers }) => headers['browser-id'] === undefined)).toBe(true)
})

it('goes on with the session that another process has', async () => {
  const sessions = heldSessions()
  await open(sessions).list()
  await open(sessions).list()
  expect(logins()).toBe(1)
})

it('signs in anew where n8n does not take the session any more, once', async () => {
  const account = open(heldSessions())
  await account.list()
  server.expireSessions()
  await account.list()
  expect(logins()).toBe(2)
})

it('takes the newer session of another process, and does not sign in', async () => {
  const sessions = heldSessions()
  await open(sessions).list()
  const stale = await sessions.load()
  server.expireSessions()
  await open(sessions).list()
  expect(logins()).toBe(2)
  // It had read the stale one before the other signed in.
  const reads = [stale]
  const late: SessionStore = { ...sessions, load: async () => reads.pop() ?? sessions.load() }
  await open(late).list()
  expect(logins()).toBe(2)
})

it('signs in itself where the session of another process has ended, too', async () => {
  const sessions = heldSessions()
  await open(sessions).list()
  server.expireSessions()
  await open(sessions).list()
  const stale = await sessions.load()
  server.expireSessions()
  const reads = [stale, 'older']
  await open({ ...sessions, load: async () => reads.pop() }).list()
  expect(logins()).toBe(3)
})

it('leaves no session behind that was for one time', async () => {
  const account = open()
  await account.list()
  expect(server.sessions()).toBe(1)
  await account.close()
  expect(server.sessions()).toBe(0)
})

it('ends no session but its own, also where both were opened within one second', async () => {
  const sessions = heldSessions()
  const kept = open(sessions)
  const once = open()
  await Promise.all([kept.list(), once.list()])
  await once.close()
  await kept.list()
  expect(logins()).toBe(2)
  expect(server.sessions()).toBe(1)
})

it('gives up where n8n takes no session, and tries none of them again', async () => {
  const sessions = heldSessions()
  const account = open(sessions)
  const refused = { status: 401, body: { status: 'error', message: 'Unauthorized' } }
  server.inject({ kind: 'status', ...refused }, { path: /api-keys/, times: 9 })
  await expect(account.list()).rejects.toMatchObject({ code: 'REMOTE_CREDENTIALS_REFUSED' })
  expect(logins()).toBe(2)
  expect(await sessions.load()).toBeUndefined()
})

it('sends of the cookies that n8n sets the one that is its session', async () => {
  const account = open()
  await account.list()
  expect(server.requests.at(-1)?.headers.cookie).toMatch(/^n8n-auth=[\w.-]+$/)
})

it('says that keys cannot be had where the public API is switched off', async () => {
  server = await start({ publicApi: false })
  await expect(open().list()).rejects.toMatchObject({
    code: 'REMOTE_REFUSED',
    message: expect.stringContaining('public API'),
  })
})

it('obeys where n8n wants fewer sign-ins of one account, and holds up no other', async () => {
  const n8n = connect(server)
  const openAs = (credentials: object) => n8n.open({ credentials, sessions: heldSessions() })
  for (let count = 0; count < 5; count += 1) await openAs(ops).list()
  await expect(openAs(ops).list()).rejects.toMatchObject({ code: 'REMOTE_BUSY', retryAfterSeconds: 60 })
  const asked = logins()
  await expect(openAs(ops).list()).rejects.toMatchObject({ code: 'REMOTE_BUSY' })
  expect(logins()).toBe(asked)
  const eve = { email: 'eve@example.com', password: 'Correct-horse-3' }
  server.addUser(eve)
  expect(await openAs(eve).list()).toEqual([])
  expect(await n8n.verify(server.plantKey(ops.email, 'x').value)).toMatchObject({ outcome: 'valid' })
  server.move(60_000)
  await open().list()
})

it('says that a one-time code is wanted, and takes it', async () => {
  server.addUser({ email: 'two@example.com', password: 'Correct-horse-2', mfaCode: '123456' })
  const two = { email: 'two@example.com', password: 'Correct-horse-2' }
  await expect(open(undefined, two).list()).rejects.toMatchObject({
    code: 'REMOTE_CREDENTIALS_REFUSED',
    message: expect.stringContaining('one-time code'),
  })
  expect(await open(undefined, { ...two, mfaCode: '123456' }).list()).toEqual([])
})

it("gives only the account's own keys, also to the server's owner, and also of old versions", async () => {
  for (const legacy of [false, true]) {
    server = await start({ legacy })
    server.addUser({ email: 'eve@example.com', password: 'Correct-horse-3' })
    server.plantKey('eve@example.com', "eve's")
    server.plantKey(ops.email, 'own')
    const names = (await open().list()).map(({ name }) => name)
    expect(names).toEqual(['own'])
  }
})

it.each([
  ['cut', { kind: 'reset', when: 'after' }],
  ['halved', { kind: 'half-answer' }],
] as const)('sends a creation once, also where its answer is %s', async (_, fault) => {
  const account = open()
  await account.list()
  server.inject(fault, { method: 'POST', path: /api-keys$/ })
  await expect(account.create({ name: 'lost', scopes: ['tag:list'] })).rejects.toMatchObject({
    code: 'REMOTE_UNREACHABLE',
  })
  expect(server.keys(ops.email)).toHaveLength(1)
})

it('shows no password, cookie or key in any failure', async () => {
  const account = open(heldSessions())
  await account.list()
  const { value } = server.plantKey(ops.email, 'x')
  for (const status of [400, 403, 404, 418, 500]) {
    const body = { message: `you sent ${ops.password} and ${value}` }
    server.inject({ kind: 'status', status, body }, { times: 9 })
    for (const ask of [
      () => account.list(),
      () => account.delete('x'),
      () => account.create({ name: 'a', scopes: [] }),
    ]) {
      const said = JSON.stringify([await ask().catch((error: Error) => [error.message, error.stack, error.cause])])
      expect(said).not.toContain(ops.password)
    }
    expect(JSON.stringify(await connect(server).verify(value))).not.toContain(value)
    server.clearFaults()
  }
})
