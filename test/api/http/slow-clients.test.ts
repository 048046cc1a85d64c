import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRouter } from '../../../apps/api/src/http/router.ts'
import { type HttpServer, serveHttp } from '../../../apps/api/src/wiring/serve.ts'

/** The server's own, a hundred times shorter. */
const timeouts = {
  headersTimeout: 100,
  requestTimeout: 300,
  keepAliveTimeout: 650,
  connectionsCheckingInterval: 20,
  silenceTimeout: 1_200,
}

let server: HttpServer
/** Resolves when an answer without an end is given up. */
const cut = Promise.withResolvers<void>()
const sockets: Socket[] = []
beforeAll(async () => {
  const app = createRouter()
  app.post('/echo', async (c) => c.text(await c.req.text().catch(() => 'cut off')))
  const chunk = new Uint8Array(64 * 1024)
  const endless = { pull: (to: ReadableStreamDefaultController) => to.enqueue(chunk), cancel: () => cut.resolve() }
  app.get('/endless', (c) => c.body(new ReadableStream(endless)))
  server = await serveHttp(app, { host: '127.0.0.1', port: 0, timeouts })
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await server.close()
})

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

/** Sends a byte now and then, until there is an answer. */
function drip(socket: Socket, byte: string): void {
  const send = () => {
    if (socket.writable && socket.bytesRead === 0) socket.write(byte)
  }
  // After what has come was read: a byte to who has closed meanwhile breaks the connection, and the answer is lost.
  const timer = setInterval(() => setImmediate(send), 20)
  socket.once('close', () => clearInterval(timer))
}

/** All that comes until the connection ends, in whatever way. */
function hear(socket: Socket): Promise<string> {
  let heard = ''
  socket.on('data', (part) => {
    heard += String(part)
  })
  return new Promise((resolve) => socket.once('close', () => resolve(heard)))
}

it.each([
  ['its headers', 'POST /echo HTTP/1.1\r\nHost: api.test\r\nx: '],
  ['its body', 'POST /echo HTTP/1.1\r\nHost: api.test\r\nContent-Length: 1000000\r\n\r\n'],
])('who sends %s byte by byte is cut off, and told so, while others are served', async (_, beginning) => {
  const slow = await Promise.all(Array.from({ length: 20 }, open))
  const hearing = slow.map(hear)
  for (const socket of slow) {
    socket.write(beginning)
    drip(socket, 'y')
  }
  expect(await (await fetch(`${server.url}/echo`, { method: 'POST', body: 'hello' })).text()).toBe('hello')
  const answers = await Promise.all(hearing)
  expect(
    answers.filter((answer) => answer.startsWith('HTTP/1.1 408 ') && answer.includes('REQUEST_TIMEOUT')).length,
  ).toBe(20)
})

it('who takes nothing of an answer is cut off', async () => {
  const socket = await open()
  socket.pause()
  socket.write('GET /endless HTTP/1.1\r\nHost: api.test\r\n\r\n')
  await cut.promise
})
