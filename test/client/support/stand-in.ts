import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'

/** What a server does to a request: answers it, or one of the things that can go wrong with an answer. */
export type Treatment =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  /** Reads the request, and ends the connection. */
  | 'lost'
  /** Begins an answer, and ends the connection. */
  | 'half'
  /** Never answers. */
  | 'silent'

export interface SeenRequest {
  path: string | undefined
  headers: IncomingHttpHeaders
  text: string
}

export interface StandIn {
  url: string
  /** All requests, in order. */
  seen: SeenRequest[]
  close(): Promise<void>
}

/**
 * Starts a server that stands where Momentry would, to do what a healthy one does not.
 * @param treat decides on each request; told which one it is, from 0
 */
export async function startStandIn(
  treat: (request: SeenRequest, index: number) => Treatment | Promise<Treatment>,
): Promise<StandIn> {
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    void readText(request).then(async (text) => {
      const arrived = { path: request.url, headers: request.headers, text }
      const index = seen.push(arrived) - 1
      answer(response, await treat(arrived, index))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

function answer(response: ServerResponse, treatment: Treatment): void {
  if (treatment === 'silent') return
  if (treatment === 'lost') {
    response.destroy()
    return
  }
  if (treatment === 'half') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
    response.write('{"valid":true,"code":"VA', () => response.destroy())
    return
  }
  const { status, body, headers } = treatment
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
