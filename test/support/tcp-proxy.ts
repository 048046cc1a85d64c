import { connect, createServer, type Socket } from 'node:net'
import { pipeline, Transform } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * What a proxy does to what passes through it.
 * - `open`: nothing
 * - `refuse`: ends each new connection at once
 * - `frozen`: nothing passes either way, and nobody is told; it passes on once the proxy is open again
 * - `deaf`: what is asked passes, answers do not
 * - `delay`: each piece waits, in both directions
 * - `slow`: so many bytes a second, in both directions
 */
export type ProxyMode =
  | { kind: 'open' | 'refuse' | 'frozen' | 'deaf' }
  | { kind: 'delay'; ms: number }
  | { kind: 'slow'; bytesPerSecond: number }

export interface TcpProxy {
  /** On 127.0.0.1. */
  port: number
  set(mode: ProxyMode): void
  /** Resets all connections, on both sides. */
  cut(): void
  close(): Promise<void>
}

type Direction = 'question' | 'answer'

/** Starts a TCP proxy to a port of this machine, which can hurt what passes through it. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  let mode: ProxyMode = { kind: 'open' }
  let changed = Promise.withResolvers<void>()
  const sockets = new Set<Socket>()

  const isShut = (direction: Direction) => mode.kind === 'frozen' || (mode.kind === 'deaf' && direction === 'answer')
  const admit = async (direction: Direction, bytes: number) => {
    while (isShut(direction)) await changed.promise
    if (mode.kind === 'delay') await pause(mode.ms)
    if (mode.kind === 'slow') await pause((bytes / mode.bytesPerSecond) * 1000)
  }
  const gate = (direction: Direction) =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        void admit(direction, chunk.length).then(() => done(null, chunk))
      },
    })
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    socket.setNoDelay()
  }

  const server = createServer((client) => {
    track(client)
    if (mode.kind === 'refuse') {
      client.resetAndDestroy()
      return
    }
    const target = connect(targetPort, '127.0.0.1')
    track(target)
    // A side that ends takes the other one with it, but only once what it said before has passed.
    pipeline(client, gate('question'), target, gate('answer'), client, () => {
      client.destroy()
      target.destroy()
    })
  })
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a proxy has no port')
  return {
    port: address.port,
    set(next) {
      mode = next
      changed.resolve()
      changed = Promise.withResolvers<void>()
    },
    cut,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      cut()
      await closed
    },
  }
}
