import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** What the fault suite hurts connections with has to hurt them, or its runs prove nothing. */
describe('the TCP proxy', () => {
  let echo: Server
  let asked = ''
  let proxy: TcpProxy

  beforeAll(async () => {
    echo = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        asked += chunk
        socket.write(chunk)
      })
    })
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    const address = echo.address()
    proxy = await startTcpProxy(typeof address === 'object' && address ? address.port : 0)
  })
  afterAll(async () => {
    await proxy.close()
    echo.close()
  })
  beforeEach(() => {
    asked = ''
    proxy.set({ kind: 'open' })
  })

  const open = async () => {
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect').catch(() => undefined)
    let heard = ''
    socket.on('data', (chunk) => (heard += chunk))
    return { socket, heard: () => heard }
  }
  const ends = (socket: Socket) => expect.poll(() => socket.destroyed).toBe(true)

  it('passes everything on where it is open', async () => {
    const { socket, heard } = await open()
    socket.write('a'.repeat(100_000))
    await expect.poll(() => heard().length).toBe(100_000)
    socket.destroy()
  })

  it('holds everything back where it is frozen, and passes it on afterwards', async () => {
    const { socket, heard } = await open()
    proxy.set({ kind: 'frozen' })
    socket.write('one')
    const other = await open()
    other.socket.write('two')
    proxy.set({ kind: 'deaf' })
    await expect.poll(() => asked.length).toBe(6)
    expect(heard() + other.heard()).toBe('')
    proxy.set({ kind: 'open' })
    await expect.poll(() => heard() + other.heard()).toBe('onetwo')
    socket.destroy()
    other.socket.destroy()
  })

  it('cuts what is open and refuses what is new', async () => {
    const { socket } = await open()
    proxy.set({ kind: 'refuse' })
    proxy.cut()
    await ends(socket)
    await ends((await open()).socket)
  })

  it('passes on late, and slowly', async () => {
    const { socket, heard } = await open()
    const began = performance.now()
    proxy.set({ kind: 'delay', ms: 50 })
    socket.write('x')
    await expect.poll(heard).toBe('x')
    proxy.set({ kind: 'slow', bytesPerSecond: 1000 })
    socket.write('y'.repeat(50))
    await expect.poll(() => heard().length).toBe(51)
    // Both pieces waited twice for 50 ms, on their ways there and back; no machine makes that shorter.
    expect(performance.now() - began).toBeGreaterThan(190)
    socket.destroy()
  })
})
