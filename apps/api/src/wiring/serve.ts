import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { answerRequestError } from '../http/answers/client-error.ts'
import type { Router } from '../http/router.ts'
import { refuseBroken } from './refuse-broken.ts'

export interface HttpServer {
  url: string
  /** Takes no more connections, lets requests finish, and ends what takes too long. */
  close(): Promise<void>
}

/** How long requests may take to finish while the process stops. */
const drainMs = 10_000

/**
 * A client that is slower than this with its request is cut off, and so is one that takes nothing of an answer; no honest
 * one of 1 MiB is. An event stream says something every 15 s. Node looks for the late only once an interval.
 */
const defaultTimeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  /** Without a byte in either direction. */
  silenceTimeout: 120_000,
}

export interface ServeOptions {
  host: string
  /** 0: any that is free; the URL tells which. */
  port: number
  /** ms */
  timeouts?: typeof defaultTimeouts
  /** Puts something before the app, given what hands a request on to it. */
  before?: (app: RequestListener) => RequestListener
}

/** Serves an app. */
export async function serveHttp(app: Pick<Router, 'fetch'>, options: ServeOptions): Promise<HttpServer> {
  const { host, port, before = (app) => app } = options
  const { silenceTimeout, ...timeouts } = options.timeouts ?? defaultTimeouts
  const listener = getRequestListener(app.fetch, { errorHandler: answerRequestError })
  // Node answers a request without a Host by itself and without a body; the listener refuses it as well.
  const server = createServer({ ...timeouts, requireHostHeader: false }, before(listener))
  server.setTimeout(silenceTimeout)
  refuseBroken(server)
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listens on no TCP port')
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: `http://${shown}:${address.port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      // Connections that are kept alive become idle one by one as their requests finish.
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      const late = setTimeout(() => server.closeAllConnections(), drainMs)
      await closed
      clearInterval(idle)
      clearTimeout(late)
    },
  }
}
