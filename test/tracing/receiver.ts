import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) })
const spanSchema = z.looseObject({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes: z.array(attribute).default([]),
  links: z.array(z.looseObject({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.looseObject({ code: z.number().optional() }),
})
const body = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.looseObject({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
})

export interface ReceivedSpan extends z.infer<typeof spanSchema> {
  service: string
}

export interface Receiver {
  url: string
  spans: ReceivedSpan[]
  /** Of every request. */
  headers: IncomingHttpHeaders[]
  /** All that was sent, as text. */
  text(): string
  /** What requests are answered with from now on. */
  answer(status: number): void
  close(): Promise<void>
}

/** An OTLP/HTTP receiver that keeps all spans. */
export async function startReceiver(): Promise<Receiver> {
  const spans: ReceivedSpan[] = []
  const headers: IncomingHttpHeaders[] = []
  let text = ''
  let status = 200
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    headers.push(request.headers)
    const sent = Buffer.concat(chunks).toString()
    text += sent
    if (status === 200 && request.url === '/v1/traces') spans.push(...readSpans(sent))
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listens on no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    headers,
    text: () => text,
    answer: (next) => (status = next),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function readSpans(text: string): ReceivedSpan[] {
  return body.parse(JSON.parse(text)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === 'service.name')?.value['stringValue']
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service: String(name) })))
  })
}
