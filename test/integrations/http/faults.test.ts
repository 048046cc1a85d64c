import { describe, expect, it } from 'vitest'
import { untilHolds } from '../../support/until-holds.ts'
import { get, post, useRemote } from './context.ts'

const { start, startRaw, connect } = useRemote()
const unreachable = (reason: string) => ({
  code: 'REMOTE_UNREACHABLE',
  message: expect.stringMatching(new RegExp(`^Gitea cannot be reached at http://127\\.0\\.0\\.1:\\d+: ${reason}`)),
})

it('sends what it is told to, below a base URL that has a path', async () => {
  const server = await start(({ body }) => ({ status: 201, headers: { 'set-cookie': ['a=1', 'b=2'] }, body: { body } }))
  const http = connect(`${server.url}/git/`)
  const answer = await http.send({ ...post, query: { page: 2, name: 'a&b c' }, headers: { authorization: 'x' } })
  expect(answer).toMatchObject({ status: 201, text: '{"body":{"name":"a"}}', body: { body: { name: 'a' } } })
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(server.requests).toMatchObject([
    {
      method: 'POST',
      path: '/git/things?page=2&name=a%26b+c',
      headers: { authorization: 'x', 'content-type': 'application/json' },
      body: '{"name":"a"}',
    },
  ])
})

it.each(['/users/../admin', '/users/..', '/./users', '/users/%2e%2E/x', 'users', '@elsewhere.example/'])(
  'does not ask for %s',
  async (path) => {
    const server = await start()
    await expect(connect(server.url).send({ method: 'GET', path })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    expect(server.requests).toEqual([])
  },
)

it('waits for an answer that comes late', async () => {
  const server = await start()
  server.inject({ kind: 'delay', ms: 300 })
  expect(await connect(server.url).send(post)).toMatchObject({ status: 200 })
  expect(server.requests).toHaveLength(1)
})

it.each([get, post])('waits for no answer for ever, and asks once ($method)', async (request) => {
  const server = await start()
  server.inject({ kind: 'hang' })
  const sent = connect(server.url, { timeoutMs: 500 }).send(request)
  await expect(sent).rejects.toMatchObject(unreachable('it took too long to answer'))
  expect(server.requests).toHaveLength(1)
})

it('waits for no body for ever', async () => {
  const url = await startRaw((_, response) => response.write('{'))
  const sent = connect(url, { timeoutMs: 500 }).send(get)
  await expect(sent).rejects.toMatchObject(unreachable('it took too long to answer'))
})

it('waits for no body for ever that comes drop by drop', async () => {
  let isCut = false
  const url = await startRaw((_, response) => {
    const drops = setInterval(() => response.write(' '), 50)
    response.on('close', () => {
      clearInterval(drops)
      isCut = true
    })
  })
  const sent = connect(url, { timeoutMs: 500 }).send(get)
  await expect(sent).rejects.toMatchObject(unreachable('it took too long to answer'))
  await untilHolds(() => expect(isCut).toBe(true))
})

describe.each([
  ['is cut before it is worked on', { kind: 'reset', when: 'before' }],
  ['is cut after it was worked on', { kind: 'reset', when: 'after' }],
  ['gets half an answer', { kind: 'half-answer' }],
] as const)('a request that %s', (_, fault) => {
  it.each([get, { method: 'DELETE', path: '/things/1' }, { ...post, repeatable: true }] as const)(
    'is sent again where that does no harm ($method)',
    async (request) => {
      const server = await start()
      server.inject(fault, { times: 2 })
      expect(await connect(server.url).send(request)).toMatchObject({ status: 200 })
      expect(server.requests).toHaveLength(3)
    },
  )

  it('is given up after three times', async () => {
    const server = await start()
    server.inject(fault, { times: 9 })
    await expect(connect(server.url).send(get)).rejects.toMatchObject(unreachable('the connection was cut'))
    expect(server.requests).toHaveLength(3)
  })

  it.each([post, { ...get, repeatable: false }])('is sent once where it may do harm ($method)', async (request) => {
    const server = await start()
    server.inject(fault)
    await expect(connect(server.url).send(request)).rejects.toMatchObject(unreachable('the connection was cut'))
    expect(server.requests).toHaveLength(1)
  })
})

it('asks again after failures', async () => {
  const server = await start()
  server.inject({ kind: 'status', status: 500, body: { message: 'no' } })
  server.inject({ kind: 'status', status: 503 })
  expect(await connect(server.url).send(get)).toMatchObject({ status: 200 })
  expect(server.requests).toHaveLength(3)
})

it.each([
  ['the last one of a request that may be repeated', get, 3],
  ['the first one of others', post, 1],
] as const)('gives a failure on: %s', async (_, request, times) => {
  const server = await start()
  server.inject({ kind: 'status', status: 500, body: { message: 'no' } }, { times: 9 })
  expect(await connect(server.url).send(request)).toMatchObject({ status: 500, body: { message: 'no' } })
  expect(server.requests).toHaveLength(times)
})

it('tells of a port that nobody listens on, and of a host that is none', async () => {
  const server = await start()
  await server.close()
  await expect(connect(server.url).send(post)).rejects.toMatchObject(unreachable('connection refused'))
  await expect(connect('http://host.invalid').send(post)).rejects.toMatchObject({
    code: 'REMOTE_UNREACHABLE',
    message: expect.stringMatching(
      /^Gitea cannot be reached at http:\/\/host\.invalid: (there is no such host|its name)/,
    ),
  })
})

it('ends what is under way when it is closed, and takes nothing more', async () => {
  const server = await start()
  server.inject({ kind: 'hang' })
  const http = connect(server.url)
  const sent = expect(http.send(get)).rejects.toMatchObject({ message: 'Gitea is asked no more: Momentry stops' })
  await untilHolds(() => expect(server.requests).toHaveLength(1))
  await http.close()
  await sent
  await expect(http.send(get)).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' })
  expect(server.requests).toHaveLength(1)
})
