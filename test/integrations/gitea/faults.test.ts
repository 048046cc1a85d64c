import { expect, it } from 'vitest'
import { useGitea } from './context.ts'

const { start, connect, open } = useGitea()
const token = { name: 'ci', scopes: ['read:user'] }
const posts = { method: 'POST' }

it.each([
  ['the answer is lost', { kind: 'reset', when: 'after' }],
  ['half an answer comes', { kind: 'half-answer' }],
] as const)('sends a creation once where %s, and finds what it made by its name', async (_, fault) => {
  const server = await start()
  server.inject(fault, posts)
  const account = open(server)
  await expect(account.create(token)).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' })
  expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  const [lost] = await account.list()
  expect(lost).toMatchObject({ name: 'ci', scopes: ['read:user'] })
  expect(await account.delete(lost?.remoteId ?? '')).toBe('deleted')
  expect(server.tokens('ada')).toEqual([])
})

it('does not know what became of a creation that got no answer in time', async () => {
  const server = await start()
  server.inject({ kind: 'hang' }, posts)
  await expect(open(server, {}, 300).create(token)).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' })
})

it.each([
  ['with the words of Gitea', { message: 'database is locked', url: '' }, /database is locked/],
  ['without words', undefined, /status 500/],
])('does not know either what one that failed there %s did', async (_, body, message) => {
  const server = await start()
  server.inject({ kind: 'status', status: 500, body }, posts)
  await expect(open(server).create(token)).rejects.toMatchObject({
    code: 'REMOTE_FAILED',
    message: expect.stringMatching(message),
  })
})

it.each([
  ['no object', 'nothing'],
  ['no value', { id: 7, name: 'ci', token_last_eight: '12345678' }],
  ['no id', { name: 'ci', sha1: 'a'.repeat(40) }],
  ['an id that is no number', { id: '7/../8', name: 'ci', sha1: 'a'.repeat(40) }],
  ['a value with a line break', { id: 7, name: 'ci', sha1: `${'a'.repeat(40)}\n` }],
])('does not understand a 201 with %s, and repeats none of it', async (_, body) => {
  const server = await start()
  server.inject({ kind: 'status', status: 201, body }, posts)
  await expect(open(server).create(token)).rejects.toMatchObject({
    code: 'REMOTE_FAILED',
    message: expect.not.stringMatching(/aaaa|7|nothing/),
  })
})

it('asks again for a list after a cut and a failure', async () => {
  const server = await start()
  server.plantToken('ada', 'ci')
  server.inject({ kind: 'reset', when: 'before' })
  server.inject({ kind: 'status', status: 502 })
  expect(await open(server).list()).toHaveLength(1)
  expect(server.requests).toHaveLength(3)
})

it('deletes once, though the first answer was lost', async () => {
  const server = await start()
  const kept = server.plantToken('ada', 'kept')
  const { id } = server.plantToken('ada', 'ci')
  server.inject({ kind: 'reset', when: 'after' }, { method: 'DELETE' })
  expect(await open(server).delete(String(id))).toBe('gone')
  expect(server.tokens('ada')).toEqual([kept])
})

it('tells when to come again', async () => {
  const server = await start()
  server.inject({ kind: 'status', status: 429, headers: { 'retry-after': '120' } })
  const failure = expect(open(server).create(token)).rejects
  await failure.toMatchObject({ code: 'REMOTE_BUSY', retryAfterSeconds: expect.any(Number) })
  expect(server.tokens('ada')).toEqual([])
})

it.each([
  ['404 of a proxy', { kind: 'status', status: 404, body: 'not here' }],
  ['502', { kind: 'status', status: 502 }],
] as const)('does not take a token for gone after a %s', async (_, fault) => {
  const server = await start()
  const { id } = server.plantToken('ada', 'ci')
  server.inject(fault, { times: 100 })
  await expect(open(server).delete(String(id))).rejects.toMatchObject({ code: expect.stringMatching(/^REMOTE_/) })
})

it.each([['0'], ['010'], ['0x10'], ['-1'], ['1.5'], [''], ['7/../8'], ['ci'], ['9'.repeat(20)]])(
  'deletes nothing by the id %j, which is none',
  async (remoteId) => {
    const server = await start()
    await expect(open(server).delete(remoteId)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    expect(server.requests).toEqual([])
  },
)

it('deletes by id alone, never by a name that several tokens have', async () => {
  const server = await start()
  const first = server.plantToken('ada', 'ci')
  const second = server.plantToken('ada', 'ci')
  expect(await open(server).delete(String(second.id))).toBe('deleted')
  expect(server.tokens('ada')).toEqual([first])
})

it('tells where there is no Gitea', async () => {
  const server = await start({ basePath: '/git' })
  expect(await open(server).create(token)).toMatchObject({ name: 'ci' })
  const above = { url: server.url.replace('/git', '') }
  const failure = { code: 'REMOTE_REFUSED', message: expect.stringMatching(/GITEA_URL/) }
  await expect(open(above).create(token)).rejects.toMatchObject(failure)
  expect(await connect(above.url).verify('a'.repeat(40))).toMatchObject({ outcome: 'unreachable' })
})

it("keeps the server's text to one short line without control characters", async () => {
  const server = await start()
  const message = `line\r\none\u001b[31m \u202e${'x'.repeat(5000)}`
  server.inject({ kind: 'status', status: 400, body: { message, url: '' } })
  const told = expect.stringMatching(/^Gitea refused: line one \[31m x{200,300}$/)
  await expect(open(server).create(token)).rejects.toMatchObject({ code: 'REMOTE_REFUSED', message: told })
})
