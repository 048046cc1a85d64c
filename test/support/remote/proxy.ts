import { createServer, request as forward } from 'node:http'
import { connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream'

export interface ProxyServer {
  url: string
  /** What it was asked for, in order: `GET http://127.0.0.1:1234/x`, `CONNECT 127.0.0.1:1234`. */
  seen: readonly string[]
  /** Cuts what is open. */
  close(): Promise<void>
}

/** Starts a real HTTP proxy: whole URLs for http://, tunnels for https://. @param refusal a status that it answers to all */
export async function startProxy(refusal?: number): Promise<ProxyServer> {
  const seen: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    seen.push(`${method} ${url}`)
    if (refusal !== undefined) {
      response.writeHead(refusal).end()
      return
    }
    const onward = forward(url, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      pipeline(answer, response, () => undefined)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  server.on('connect', (request, client: Socket) => {
    seen.push(`CONNECT ${request.url}`)
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal} No\r\n\r\n`)
      return
    }
    const { hostname, port } = new URL(`http://${request.url}`)
    const target = connect(Number(port), hostname, () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
    for (const socket of [client, target]) sockets.add(socket)
    pipeline(client, target, client, () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a proxy has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await closed
    },
  }
}
