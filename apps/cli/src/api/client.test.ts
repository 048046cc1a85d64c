import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type ApiRequest, createApiClient, path } from './client.ts'

const answerSchema = z.object({ ok: z.boolean() })
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** Serves the answers in turn, the last of them for ever, and tells what was asked. */
async function serve(answers: readonly { status: number; body?: unknown; headers?: Record<string, string> }[]) {
  const asked: { method: string | undefined; url: string | undefined; headers: IncomingHttpHeaders }[] = []
  const listener: RequestListener = (request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]
    asked.push({ method: request.method, url: request.url, headers: request.headers })
    response.writeHead(answer?.status ?? 500, { 'content-type': 'application/json', ...answer?.headers })
    response.end(answer?.body === undefined ? '' : JSON.stringify(answer.body))
  }
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closers.push(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const client = createApiClient({
    baseUrl: `http://127.0.0.1:${port}`,
    key: 'a-secret',
    signal: new AbortController().signal,
  })
  return { asked, call: (request: ApiRequest) => client.call(answerSchema, request) }
}

const away = { status: 503, body: { code: 'REDIS_UNAVAILABLE', detail: 'Redis is away' } }
const fine = { status: 200, body: { ok: true } }

describe('createApiClient', () => {
  it('asks with its key, and with the query that was given', async () => {
    const { asked, call } = await serve([fine])
    await call({ method: 'GET', path: '/v1/keys', query: { limit: 2, cursor: undefined, text: 'a b' } })
    expect(asked).toMatchObject([
      { method: 'GET', url: '/v1/keys?limit=2&text=a+b', headers: { authorization: 'Bearer a-secret' } },
    ])
  })

  it('asks again while the server says that it is away', async () => {
    const { asked, call } = await serve([away, away, fine])
    expect(await call({ method: 'GET', path: '/' })).toEqual({ ok: true })
    expect(asked).toHaveLength(3)
  })

  it('sends a POST again only under an Idempotency-Key, and then the same one', async () => {
    const plain = await serve([away, fine])
    await expect(plain.call({ method: 'POST', path: '/', body: {} })).rejects.toMatchObject({ exitCode: 5 })
    expect(plain.asked).toHaveLength(1)
    const keyed = await serve([away, fine])
    await keyed.call({ method: 'POST', path: '/', body: {}, idempotencyKey: 'k1' })
    expect(keyed.asked.map(({ headers }) => headers['idempotency-key'])).toEqual(['k1', 'k1'])
  })

  it('tells of each wait, and gives up after the time that it was given', async () => {
    const { call } = await serve([away])
    const reasons: string[] = []
    const request = {
      method: 'GET' as const,
      path: '/',
      retryForMs: 300,
      onRetry: (reason: string) => reasons.push(reason),
    }
    await expect(call(request)).rejects.toMatchObject({ message: 'Redis is away (REDIS_UNAVAILABLE)', exitCode: 5 })
    expect(reasons).not.toHaveLength(0)
  })

  it('waits as long as Retry-After asks for, and rather gives up than ask sooner', async () => {
    const { asked, call } = await serve([{ ...away, headers: { 'retry-after': '20' } }, fine])
    await expect(call({ method: 'GET', path: '/' })).rejects.toMatchObject({ exitCode: 5 })
    expect(asked).toHaveLength(1)
  })

  it.each([
    [400, 'VALIDATION_FAILED', 2],
    [401, 'UNAUTHENTICATED', 4],
    [403, 'FORBIDDEN', 4],
    [404, 'KEY_NOT_FOUND', 3],
    [422, 'REMOTE_CREDENTIALS_REFUSED', 4],
    [422, 'REMOTE_REFUSED', 1],
    [502, 'REMOTE_UNREACHABLE', 5],
    [503, 'REMOTE_BUSY', 5],
    [409, 'CONFLICT', 1],
    [500, 'INTERNAL', 1],
  ])('does not repeat what was answered with %i, and ends with a code of its own', async (status, code, exitCode) => {
    const errors = [{ pointer: '/name', detail: 'is too long' }]
    const { asked, call } = await serve([{ status, body: { title: 'No', code, errors, requestId: 'r1' } }, fine])
    await expect(call({ method: 'GET', path: '/' })).rejects.toMatchObject({
      ...{ message: `No (${code})`, exitCode },
      details: ['/name: is too long', 'request r1'],
    })
    expect(asked).toHaveLength(1)
  })

  it('says that nobody answers', async () => {
    const { call } = await serve([fine])
    for (const close of closers.splice(0)) close()
    await expect(call({ method: 'GET', path: '/', retryForMs: 0 })).rejects.toMatchObject({
      ...{ exitCode: 5, message: expect.stringMatching(/does not answer at http.*ECONNREFUSED.*is it running/) },
    })
  })

  it('waits for an answer no longer than it was told', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    closers.push(() => silent.close().closeAllConnections())
    const { port } = z.object({ port: z.number() }).parse(silent.address())
    const baseUrl = `http://127.0.0.1:${port}`
    const client = createApiClient({ baseUrl, key: undefined, signal: new AbortController().signal })
    const request = { method: 'GET' as const, path: '/', timeoutMs: 50, retryForMs: 0 }
    await expect(client.call(answerSchema, request)).rejects.toMatchObject({
      ...{ exitCode: 5, message: expect.stringMatching(/timeout/) },
    })
  })

  it('asks again also where it took longer than that until the answer was cut', async () => {
    let asked = 0
    const slow = createServer((_request, response) => {
      asked += 1
      if (asked === 1) setTimeout(() => response.destroy(), 400)
      else response.end(JSON.stringify(fine.body))
    }).listen(0, '127.0.0.1')
    await once(slow, 'listening')
    closers.push(() => slow.close().closeAllConnections())
    const { port } = z.object({ port: z.number() }).parse(slow.address())
    const baseUrl = `http://127.0.0.1:${port}`
    const client = createApiClient({ baseUrl, key: undefined, signal: new AbortController().signal })
    const request = { method: 'POST' as const, path: '/', idempotencyKey: 'k', retryForMs: 350 }
    expect(await client.call(answerSchema, request)).toEqual(fine.body)
    expect(asked).toBe(2)
  })

  it('refuses an answer of something else than Momentry', async () => {
    const { call } = await serve([{ status: 200, body: { hello: 'world' } }])
    await expect(call({ method: 'GET', path: '/' })).rejects.toThrow(/not one of Momentry's API \(ok\)/)
  })
})

describe('path', () => {
  it('encodes what is put in', () => {
    expect(path`/v1/keys/${'../x?y'}/stats`).toBe('/v1/keys/..%2Fx%3Fy/stats')
  })
})
