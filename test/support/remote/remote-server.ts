import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'

/** What can go wrong with one request. */
export type Fault =
  /** Worked on, answered later. */
  | { kind: 'delay'; ms: number }
  /** Neither worked on nor answered. */
  | { kind: 'hang' }
  /** The connection is cut: before it is worked on, or after, so that the answer is lost. */
  | { kind: 'reset'; when: 'before' | 'after' }
  /** Worked on; half of the answer is sent, and the connection cut. */
  | { kind: 'half-answer' }
  /** Not worked on. */
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }

export interface ReceivedRequest {
  method: string
  /** With the query. */
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface RemoteServer {
  url: string
  /** All that came, in order. */
  requests: readonly ReceivedRequest[]
  /** The next requests that match, one unless told otherwise, meet a fault; faults come in the order of their making. */
  inject(fault: Fault, match?: { method?: string; path?: RegExp; times?: number }): void
  clearFaults(): void
  /** Cuts what is open. */
  close(): Promise<void>
}

export interface RemoteCall {
  method: string
  /** Without the query. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** Parsed JSON; undefined where it is none. */
  body: unknown
  text: string
}

export interface RemoteReply {
  status: number
  headers?: Record<string, string | string[]>
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is. */
  text?: string
}

export interface RemoteServerOptions {
  tls?: { key: string; cert: string }
  port?: number
}

interface Planned {
  fault: Fault
  method: string | undefined
  path: RegExp | undefined
  left: number
}

/** Starts a real HTTP server that stands for another system, with faults that tests ask for. */
export async function startRemoteServer(
  handle: (call: RemoteCall) => RemoteReply | Promise<RemoteReply>,
  options: RemoteServerOptions = {},
): Promise<RemoteServer> {
  const requests: ReceivedRequest[] = []
  let faults: Planned[] = []

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const text = await readText(request)
    const { method = '', url = '/', headers } = request
    requests.push({ method, path: url, headers, body: text })
    const planned = faults.find(
      (fault) => fault.left > 0 && (fault.method ?? method) === method && (fault.path?.test(url) ?? true),
    )
    if (planned) planned.left -= 1
    const fault = planned?.fault
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'reset' && fault.when === 'before') return cut(response)
    if (fault?.kind === 'status') return send(response, fault)
    const { pathname: path, searchParams: query } = new URL(url, 'http://remote')
    const reply = await handle({ method, path, query, headers, body: parse(text), text })
    if (fault?.kind === 'reset') return cut(response)
    if (fault?.kind === 'half-answer') return sendHalf(response, reply)
    if (fault?.kind === 'delay') await wait(fault.ms)
    send(response, reply)
  }
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) =>
      send(response, { status: 500, text: error instanceof Error ? (error.stack ?? '') : '' }),
    )
  }
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a server has no port')
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${address.port}`,
    requests,
    inject(fault, { method, path, times = 1 } = {}) {
      faults.push({ fault, method, path, left: times })
    },
    clearFaults() {
      faults = []
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

/** No test sends more, in bytes. */
const maxBody = 1024 * 1024

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > maxBody) throw new Error('a request is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function cut(response: ServerResponse): void {
  response.destroy()
}

function textOf({ text, body }: RemoteReply): string {
  return text ?? (body === undefined ? '' : JSON.stringify(body))
}

function headersOf(reply: RemoteReply): Record<string, string | string[]> {
  return { ...(reply.text === undefined && { 'content-type': 'application/json' }), ...reply.headers }
}

function send(response: ServerResponse, reply: RemoteReply): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(reply.status, headersOf(reply))
  response.end(textOf(reply))
}

function sendHalf(response: ServerResponse, reply: RemoteReply): void {
  const bytes = Buffer.from(textOf(reply))
  // Half of nothing would be a whole answer.
  if (bytes.length > 0) {
    response.writeHead(reply.status, { ...headersOf(reply), 'content-length': bytes.length })
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => cut(response))
  } else cut(response)
}
