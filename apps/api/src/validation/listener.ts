import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { andThen } from '@momentry/shared/platform/and-then.ts'
import { nameRequest } from '../http/name-request.ts'
import type { Services } from '../wiring/services.ts'
import { type Answered, createQuestionAnswerer } from './answer-question.ts'
import { byTurns } from './by-turns.ts'
import { isPlainQuestion } from './plain-request.ts'
import { readQuestion } from './read-question.ts'

/** What the app's middleware adds to every answer. */
const fixedHeaders = [
  ...['cache-control', 'no-store'],
  ...['cross-origin-opener-policy', 'same-origin'],
  ...['cross-origin-resource-policy', 'same-origin'],
  ...['origin-agent-cluster', '?1'],
  ...['referrer-policy', 'no-referrer'],
  ...['x-content-type-options', 'nosniff'],
  ...['x-dns-prefetch-control', 'off'],
  ...['x-download-options', 'noopen'],
  ...['x-frame-options', 'SAMEORIGIN'],
  ...['x-permitted-cross-domain-policies', 'none'],
  ...['x-xss-protection', '0'],
]

/**
 * Puts a short way before the app for the one request that services make all the time: the app's layers, which every other
 * route needs, cost several times what the check itself does. A request that is unusual in any way, and every body that is
 * not right, is left to the app; both ways answer alike.
 * @param whole the app's listener
 */
export function createValidationListener(services: Services, whole: RequestListener): RequestListener {
  // A trace is made by the app's middleware.
  if (services.tracing.on) return whole
  const { findAddress, tellRequest, log } = services
  const answerQuestion = createQuestionAnswerer(services)

  const handle = byTurns(({ incoming, outgoing, began, bytes }: Received) => {
    const question = readQuestion(bytes)
    // The app's listener takes a body from there that was read before.
    if (!question) return whole(Object.assign(incoming, { rawBody: bytes }), outgoing)
    const { authorization, 'x-request-id': given, 'x-forwarded-for': forwardedFor } = incoming.headers
    const requestId = nameRequest(oneOf(given))
    const address = findAddress(incoming.socket, oneOf(forwardedFor))
    const answered = (answer: Answered) => {
      const { status, callerId: keyId } = answer
      try {
        send(outgoing, requestId, answer)
        tellRequest({ began, requestId, method: 'POST', route: '/v1/keys/validate', status, address, keyId })
      } catch (error) {
        log.error({ err: error, requestId }, 'an answer could not be sent')
        outgoing.destroy()
      }
    }
    void andThen(answerQuestion({ question, requestId, authorization, address }), answered)
  })

  return (incoming, outgoing) => {
    if (!isPlainQuestion(incoming)) return whole(incoming, outgoing)
    const began = performance.now()
    readBody(incoming, (bytes) => handle({ incoming, outgoing, began, bytes }))
  }
}

/** A plain question, with its whole body. */
interface Received {
  incoming: IncomingMessage
  outgoing: ServerResponse
  /** By `performance.now()`. */
  began: number
  bytes: Buffer
}

/** Calls with the whole body; never where the client goes away before its end. */
function readBody(incoming: IncomingMessage, use: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => use(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
}

function send(outgoing: ServerResponse, requestId: string, { status, headers, body }: Answered): void {
  const length = Buffer.byteLength(body)
  const all = [...fixedHeaders, 'x-request-id', requestId, 'content-length', String(length)]
  for (const name in headers) all.push(name, headers[name] ?? '')
  outgoing.writeHead(status, all)
  // The same bytes where it is all ASCII, as most are, and quicker to write.
  outgoing.end(body, length === body.length ? 'latin1' : 'utf8')
}

/** Node joins all headers that are sent twice, but for a few; those of its types are never lists here. */
function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header
}
