import { expect, it } from 'vitest'
import { useGitea } from './context.ts'

const { start, connect } = useGitea()

it('tells all about a token from 1.27 on, with one request and whatever its scopes', async () => {
  const server = await start({ version: '1.27.0' })
  const { id, value } = server.plantToken('ada', 'ci', ['read:misc'])
  expect(await connect(server.url).verify(value)).toEqual({
    outcome: 'valid',
    detail: 'Gitea takes it',
    remoteId: String(id),
    name: 'ci',
    owner: 'ada',
    scopes: ['read:misc'],
  })
  expect(server.requests.map(({ path }) => path)).toEqual(['/api/v1/token'])
})

it('asks for the user on older ones: valid, narrow or invalid', async () => {
  const server = await start({ version: '1.24.6' })
  const gitea = connect(server.url)
  const wide = server.plantToken('ada', 'wide', ['write:user'])
  expect(await gitea.verify(wide.value)).toEqual({ outcome: 'valid', detail: 'Gitea takes it', owner: 'ada' })
  const narrow = server.plantToken('ada', 'narrow', ['write:issue'])
  expect(await gitea.verify(narrow.value)).toMatchObject({
    outcome: 'narrow',
    detail: expect.stringMatching(/required scope.*read:user/),
  })
  expect(await gitea.verify('0'.repeat(40))).toMatchObject({ outcome: 'invalid' })
})

it.each([
  ['is away', undefined],
  ['fails', { kind: 'status', status: 503, body: { message: 'away', url: '' } }],
  ['is too busy', { kind: 'status', status: 429, headers: { 'retry-after': '60' } }],
  ['cuts each connection', { kind: 'reset', when: 'before' }],
  ['hides behind a proxy with a password', { kind: 'status', status: 401, body: '<html>' }],
  [
    'says no for another reason',
    { kind: 'status', status: 403, body: { message: 'must change your password', url: '' } },
  ],
  ['says yes in other words', { kind: 'status', status: 200, body: { hello: 1 } }],
  ['sends elsewhere', { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/login' } }],
] as const)('knows nothing of a token where the server %s', async (_, fault) => {
  const server = await start()
  const { value } = server.plantToken('ada', 'ci')
  if (fault) server.inject(fault, { times: 100 })
  else await server.close()
  const verification = await connect(server.url).verify(value)
  expect(verification).toEqual({ outcome: 'unreachable', detail: expect.any(String) })
  expect(verification.detail).not.toContain(value)
})

it.each([[''], [' '], ['a b'], ['a\r\nx-evil: 1'], ['a\0'], ['clé'], ['🔑'], ['a'.repeat(4001)]])(
  'never sends %j, which no header can hold',
  async (secret) => {
    const server = await start()
    expect(await connect(server.url).verify(secret)).toMatchObject({ outcome: 'invalid' })
    expect(server.requests).toEqual([])
  },
)
