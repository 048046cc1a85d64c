import { inspect } from 'node:util'
import type { RemoteHttpOptions } from '@momentry/shared/integrations/http/remote-http.ts'
import { isPostgresUnavailable } from '@momentry/shared/platform/postgres/client.ts'
import { expect, it } from 'vitest'
import { certificate } from '../../support/remote/certificate.ts'
import type { Fault } from '../../support/remote/remote-server.ts'
import { useRemote } from './context.ts'

const { start, startRaw, connect, proxy } = useRemote()
const hidden = 'c29tZXRoaW5nIGhpZGRlbg'

/** Asks until it fails, as it does at the latest once the circuit is open, and holds every error against what was sent. */
async function expectSecrecy(server: string, options: Partial<RemoteHttpOptions> = {}, sent = hidden) {
  const http = connect(server, { timeoutMs: 200, ...options })
  for (const method of ['POST', 'GET', 'GET', 'GET'] as const) {
    const request = { method, path: `/${hidden}`, query: { q: hidden }, headers: { authorization: `Bearer ${sent}` } }
    const error = await http.send({ ...request, ...(method === 'POST' && { body: { password: hidden } }) }).then(
      () => new Error('it did not fail'),
      (failure: unknown) => failure,
    )
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(REMOTE_(UNREACHABLE|BUSY|FAILED)|VALIDATION_FAILED)$/),
    })
    expect(error).not.toHaveProperty('cause')
    // Another system's outage must not be taken for that of our own database.
    expect(isPostgresUnavailable(error)).toBe(false)
    const told = `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)} ${String(error)}`
    expect(told).not.toContain(hidden)
  }
}

it.each<[string, Fault]>([
  ['hangs', { kind: 'hang' }],
  ['cuts the connection before', { kind: 'reset', when: 'before' }],
  ['cuts the connection after', { kind: 'reset', when: 'after' }],
  ['cuts the answer', { kind: 'half-answer' }],
  ['is busy', { kind: 'status', status: 429, headers: { 'retry-after': '60' } }],
  ['leads elsewhere', { kind: 'status', status: 302, headers: { location: `http://a.example/${hidden}` } }],
  ['leads nowhere', { kind: 'status', status: 302, headers: { location: `http://${hidden}:x` } }],
  ['answers too much', { kind: 'status', status: 200, body: hidden.repeat(300_000) }],
])('no error holds what was sent where the server %s', async (_, fault) => {
  const server = await start()
  server.inject(fault, { times: 100 })
  await expectSecrecy(server.url)
})

it('no error holds what was sent where nothing comes through', async () => {
  const gone = await start()
  await gone.close()
  await expectSecrecy(gone.url)
  await expectSecrecy('http://host.invalid')
})

it('no error holds what was sent where TLS or a proxy is in the way', async () => {
  const secure = await start(undefined, { tls: certificate })
  await expectSecrecy(secure.url)
  const refusing = await proxy(407)
  await expectSecrecy(secure.url, { proxy: { https: refusing.url.replace('//', `//user:${hidden}@`) } })
  const plain = await start()
  await expectSecrecy(plain.url, { proxy: { http: refusing.url.replace('//', `//user:${hidden}@`) } })
})

it('no error holds what was sent where the answer is no HTTP, or not compressed as it says', async () => {
  await expectSecrecy(await startRaw(({ socket }) => socket.end(`${hidden}\r\n`)))
  await expectSecrecy(await startRaw((_, answer) => answer.writeHead(200, { 'content-encoding': 'gzip' }).end(hidden)))
})

it('no error holds a text that fits into no header', async () => {
  const server = await start()
  await expectSecrecy(server.url, {}, `${hidden}\r\nx-other: 1`)
  await expectSecrecy(server.url, {}, `${hidden}\u20ac`)
  expect(server.requests).toEqual([])
})
