import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'

export interface Received {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
  /** Which of this machine's addresses it came to. */
  localAddress: string
}

export interface Receiver {
  url: string
  /** As `ALERT_SINK_HOSTS` names it. */
  host: string
  port: number
  received: Received[]
  /** Connections that were made, whether anything was asked or not. */
  connections(): number
  close(): Promise<void>
}

/** Answers a request that was received. */
export type Answer = (response: ServerResponse, received: Received) => void

export const answerWith =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body)

/** A real receiver of webhooks, on all addresses of this machine. */
export async function startReceiver(answer: Answer = answerWith(204)): Promise<Receiver> {
  const received: Received[] = []
  let connections = 0
  const server = createServer(async (request, response) => {
    let body = ''
    request.setEncoding('utf8')
    try {
      for await (const chunk of request) body += String(chunk)
    } catch {
      return
    }
    const { method = '', url = '', headers, socket } = request
    const one = { method, url, headers, body, localAddress: socket.localAddress ?? '' }
    received.push(one)
    answer(response, one)
  })
  server.on('connection', () => (connections += 1))
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    port,
    received,
    connections: () => connections,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
