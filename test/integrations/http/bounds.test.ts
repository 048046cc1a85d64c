import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { untilHolds } from '../../support/until-holds.ts'
import { get, useRemote } from './context.ts'

const { start, startRaw, connect } = useRemote()
const mebibyte = Buffer.alloc(1024 * 1024, ' ')
const tooLarge = { code: 'REMOTE_FAILED', message: 'Gitea answers with more than 4194304 bytes' }
const answering = (text: string) => start(() => ({ status: 200, text }))

it('reads four mebibytes', async () => {
  const server = await answering(`"${'x'.repeat(4 * 1024 * 1024 - 2)}"`)
  expect((await connect(server.url).send(get)).text).toHaveLength(4 * 1024 * 1024)
})

it('does not read one byte more, and does not ask again', async () => {
  const server = await answering('x'.repeat(4 * 1024 * 1024 + 1))
  await expect(connect(server.url).send(get)).rejects.toMatchObject(tooLarge)
  expect(server.requests).toHaveLength(1)
})

it('cuts an answer that never ends', async () => {
  let isCut = false
  const url = await startRaw((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(mebibyte));
    }
    response.on('drain', more).on('close', () => {
      isCut = true
    })
    more()
  })
  await expect(connect(url).send(get)).rejects.toMatchObject(tooLarge)
  await untilHolds(() => expect(isCut).toBe(true))
})

it('reads a compressed answer, and cuts one that grows too large', async () => {
  const bodies = [gzipSync('{"a":1}'), gzipSync(Buffer.alloc(64 * 1024 * 1024))]
  const url = await startRaw((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bodies.shift()),
  )
  const http = connect(url)
  expect(await http.send(get)).toMatchObject({ body: { a: 1 } })
  await expect(http.send(get)).rejects.toMatchObject(tooLarge)
})

it('does not take for compressed what is not', async () => {
  const url = await startRaw((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"a":1}'))
  await expect(connect(url).send(get)).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' })
})

it('tells of what is no HTTP', async () => {
  const url = await startRaw(({ socket }) => socket.end('SSH-2.0-OpenSSH\r\n'))
  await expect(connect(url).send(get)).rejects.toMatchObject({
    code: 'REMOTE_UNREACHABLE',
    message: expect.stringMatching(/its answer is not HTTP/),
  })
})

it.each([
  ['nothing', '', undefined],
  ['no JSON', '<html></html>', undefined],
  ['half of it', '{"a":', undefined],
  ['a byte order mark', '\ufeff{"a":1}', { a: 1 }],
  ['null', 'null', null],
  ['brackets in a text', `{"a":"${'['.repeat(500)}\\"${'{'.repeat(500)}"}`, { a: expect.any(String) }],
  ['many lists beside each other', `[${'[],'.repeat(500)}[]]`, expect.any(Array)],
  ['lists in lists', `${'['.repeat(101)}${']'.repeat(101)}`, undefined],
])('reads the body of an answer with %s', async (_, text, body) => {
  const server = await answering(text)
  expect((await connect(server.url).send(get)).body).toEqual(body)
})
