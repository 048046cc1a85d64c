import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemSchema } from '../../../apps/api/src/http/answers/problem.ts'
import { type Harness, shareHarness } from '../harness.ts'

let t: Harness
beforeAll(async () => {
  t = await shareHarness()
})
afterAll(() => t.close())

/** Sends bytes as they are and gives all that comes until the server closes the connection. */
async function send(bytes: string): Promise<{ head: string; body: string }> {
  const socket = connect(Number(new URL(t.api.url ?? '').port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write(bytes)
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  return { head, body }
}

const host = 'Host: api.test\r\n'

describe('what is not HTTP as it should be', () => {
  it.each([
    ['an unknown method', `FOO /healthz HTTP/1.1\r\n${host}\r\n`, 400, 'MALFORMED_REQUEST'],
    ['a malformed request line', 'nonsense\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['a Host that is none', 'GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    [
      'both a length and chunks',
      `POST /v1/keys HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'a chunk without a size',
      `POST /v1/keys/validate HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
      'MALFORMED_REQUEST',
    ],
    ['headers of 70 kB', `GET / HTTP/1.1\r\n${host}x: ${'y'.repeat(70_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ])('is told as a problem: %s', async (_, bytes, status, code) => {
    const { head, body } = await send(bytes)
    expect(head).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} [^]*\\r\\ncontent-type: application/problem\\+json(\\r|$)`, 'i'),
    )
    expect(problemSchema.parse(JSON.parse(body))).toMatchObject({ status, code, errors: [] })
  })

  it('is never told as the answer to the request before it', async () => {
    const { head } = await send(`GET /healthz HTTP/1.1\r\n${host}\r\nFOO / HTTP/1.1\r\n\r\n`)
    expect(head).not.toMatch(/ 400 /)
  })

  it('leaves the server well', async () => {
    expect((await t.asAnyone('GET', '/healthz')).status).toBe(200)
  })
})
