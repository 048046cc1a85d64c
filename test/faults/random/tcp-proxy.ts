import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A wire between a process and a store, that can be cut, slowed down, or let everything vanish. */
export interface TcpProxy {
  port: number
  /** Cuts every connection that is open. New ones are taken. */
  cut(): void
  /** Holds everything back for so long, in both directions; 0: no more. */
  delay(ms: number): void
  /** Takes what comes and passes nothing on, while connections stay open. */
  swallow(on: boolean): void
  close(): Promise<void>
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let delayMs = 0
  let swallowing = false

  const join = (from: Socket, to: Socket) => {
    // One after the other: a timer that is late must not let what came later overtake.
    let last = Promise.resolve()
    from.on('data', (bytes) => {
      if (swallowing) return
      const due = performance.now() + delayMs
      last = last.then(async () => {
        const wait = due - performance.now()
        if (wait > 0) await sleep(wait)
        if (to.writable) to.write(bytes)
      })
    })
    from.on('close', () => to.destroy())
    from.on('error', () => to.destroy())
  }

  const server = createServer((near) => {
    const far = connect(target.port, target.host)
    for (const socket of [near, far]) {
      socket.setNoDelay(true)
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    join(near, far)
    join(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    delay(ms) {
      delayMs = ms
    },
    swallow(on) {
      swallowing = on
      // What was swallowed is gone for good, so no conversation can go on where it was.
      if (!on) for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
