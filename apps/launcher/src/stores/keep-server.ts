import { setTimeout as pause } from 'node:timers/promises'
import type { Server } from '@momentry/embedded/host/server.ts'
import { backOffMs, healthyMs } from '../back-off.ts'
import type { Store } from './store.ts'

export interface KeepOptions {
  name: string
  /** Starts it; on the given port where it ran before, since everybody knows it by that. */
  start(port?: number): Promise<Server>
  warn(line: string): void
  /** Is called each time it was started again. */
  onRestart(): void
}

/** Starts an embedded server, and starts it again, after a pause that grows, whenever it ends unasked. */
export async function keepServer({ name, start, warn, onRestart }: KeepOptions): Promise<Store> {
  const stopping = new AbortController()
  let server = await start()
  const { url, port } = server

  const startAgain = async () => {
    try {
      server = await start(port)
      onRestart()
    } catch (error) {
      warn(error instanceof Error ? error.message : `${name} could not be started`)
    }
  }
  const keep = async () => {
    for (let failures = 0, startedAt = performance.now(); ; startedAt = performance.now()) {
      await server.exited
      failures = performance.now() - startedAt > healthyMs ? 1 : failures + 1
      if (stopping.signal.aborted) return
      const delay = backOffMs(failures)
      warn(`${name} ended unexpectedly; starting it again in ${delay / 1000} s`)
      await pause(delay, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      await startAgain()
    }
  }
  const keeping = keep()

  return {
    url,
    pid: () => server.pid,
    async close() {
      stopping.abort()
      await server.stop()
      await keeping
      // It may have been starting again while it was asked to stop.
      await server.stop()
    },
  }
}
