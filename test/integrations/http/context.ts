import { createServer, type RequestListener } from 'node:http'
import {
  createRemoteHttp,
  type RemoteHttp,
  type RemoteHttpOptions,
} from '@momentry/shared/integrations/http/remote-http.ts'
import { afterEach } from 'vitest'
import { type ProxyServer, startProxy } from '../../support/remote/proxy.ts'
import {
  type RemoteCall,
  type RemoteReply,
  type RemoteServer,
  type RemoteServerOptions,
  startRemoteServer,
} from '../../support/remote/remote-server.ts'

export const get = { method: 'GET', path: '/things' } as const
export const post = { method: 'POST', path: '/things', body: { name: 'a' } } as const

/** Gives each test servers and ways to them of its own, which end with it. */
export function useRemote() {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close()
  })

  const start = async (
    handle: (call: RemoteCall) => RemoteReply = () => ({ status: 200, body: { fine: true } }),
    options?: RemoteServerOptions,
  ): Promise<RemoteServer> => {
    const server = await startRemoteServer(handle, options)
    closers.push(server.close)
    return server
  }
  /** A server that answers by bytes. @returns its URL */
  const startRaw = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    })
    const address = server.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  }
  const connect = (server: string, options: Partial<RemoteHttpOptions> = {}): RemoteHttp => {
    const http = createRemoteHttp({ title: 'Gitea', server, timeoutMs: 10_000, ...options })
    closers.push(http.close)
    return http
  }
  const proxy = async (refusal?: number): Promise<ProxyServer> => {
    const started = await startProxy(refusal)
    closers.push(started.close)
    return started
  }
  return { start, startRaw, connect, proxy }
}
