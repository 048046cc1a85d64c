import { createN8n } from '@momentry/shared/integrations/n8n/integration.ts'
import { afterEach, expect, it } from 'vitest'
import { type N8nOptions, type N8nServer, startN8n } from '../../support/remote/n8n/n8n-server.ts'

const { email, password } = { email: 'ops@example.com', password: 'Correct-horse-1' }
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function start(options: N8nOptions = {}): Promise<N8nServer> {
  const server = await startN8n(options)
  closers.push(server.close)
  server.addUser({ email, password })
  return server
}

function connect(server: N8nServer) {
  const n8n = createN8n({ server: server.url, timeoutMs: 2_000, now: Date.now })
  closers.push(n8n.close)
  return n8n
}

it('asks with one request, and whatever the scopes are', async () => {
  const server = await start()
  const { value } = server.plantKey(email, 'ci', ['tag:read', 'tag:list'])
  expect(await connect(server).verify(value)).toEqual({
    outcome: 'valid',
    detail: 'n8n takes it',
    scopes: ['tag:list', 'tag:read'],
  })
  expect(server.requests.map(({ path }) => path)).toEqual(['/api/v1/discover'])
})

it('asks old versions by the list of workflows, and takes Forbidden for narrow', async () => {
  const server = await start({ legacy: true })
  const n8n = connect(server)
  const wide = server.plantKey(email, 'wide', ['workflow:list'])
  const narrow = server.plantKey(email, 'narrow', ['tag:list'])
  expect(await n8n.verify(wide.value)).toEqual({ outcome: 'valid', detail: 'n8n takes it' })
  expect(await n8n.verify(narrow.value)).toMatchObject({ outcome: 'narrow' })
  expect(await n8n.verify(`${wide.value}x`)).toMatchObject({ outcome: 'invalid' })
})

it.each([
  ['is away', undefined],
  ['hangs', { kind: 'hang' }],
  ['fails', { kind: 'status', status: 503, body: { message: 'away' } }],
  ['is too busy', { kind: 'status', status: 429, headers: { 'retry-after': '60' } }],
  ['cuts each connection', { kind: 'reset', when: 'before' }],
  ['hides behind a proxy with a password', { kind: 'status', status: 401, body: 'a proxy' }],
  ['hides behind a proxy that forbids', { kind: 'status', status: 403, body: '<html>' }],
  ['says yes in other words', { kind: 'status', status: 200, body: { hello: 1 } }],
  ['says yes without a word', { kind: 'status', status: 200, body: null }],
  ['sends elsewhere', { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/signin' } }],
] as const)('knows nothing of a key where the server %s', async (_, fault) => {
  const server = await start()
  const { value } = server.plantKey(email, 'ci')
  if (fault) server.inject(fault, { times: 100 })
  else await server.close()
  const verification = await connect(server).verify(value)
  expect(verification).toEqual({ outcome: 'unreachable', detail: expect.any(String) })
  expect(verification.detail).not.toContain(value)
})

it('knows nothing of a key where an old server says yes in other words', async () => {
  const server = await start({ legacy: true })
  const { value } = server.plantKey(email, 'ci')
  server.inject({ kind: 'status', status: 200, body: { hello: 1 } }, { path: /workflows/ })
  expect(await connect(server).verify(value)).toMatchObject({ outcome: 'unreachable' })
})

it.each([[''], [' '], ['a b'], ['a\r\nx-evil: 1'], ['a\0'], ['clé'], ['🔑'], ['a'.repeat(4001)]])(
  'never sends %j, which no header can hold',
  async (secret) => {
    const server = await start()
    expect(await connect(server).verify(secret)).toMatchObject({ outcome: 'invalid' })
    expect(server.requests).toEqual([])
  },
)

it('ends with the expiry that n8n was given', async () => {
  const server = await start()
  const n8n = connect(server)
  const account = n8n.open({ credentials: { email, password } })
  const at = new Date(Math.floor(Date.now() / 1000) * 1000 + 60_000)
  const { secret } = await account.create({ name: 'short', scopes: ['tag:list'], expiresAt: at })
  expect(await n8n.verify(secret)).toMatchObject({ outcome: 'valid', expiresAt: at })
  server.move(61_000)
  expect(await n8n.verify(secret)).toMatchObject({ outcome: 'invalid' })
})
