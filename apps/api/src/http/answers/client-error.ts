import { RequestError } from '@hono/node-server'
import { MomentryError } from '@momentry/shared/errors.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { makeProblem, type Problem, problemMediaType } from './problem.ts'

/** Answers a request of which no URL can be made: its Host is missing or odd, or its target is no path. */
export function answerRequestError(error: unknown): Response {
  const problem = makeProblem(
    error instanceof RequestError
      ? new MomentryError('MALFORMED_REQUEST', 'the Host or the path is missing or cannot be read')
      : new MomentryError('INTERNAL', 'the request failed'),
    createId(),
  )
  return new Response(JSON.stringify(problem), { status: problem.status, headers: headersOf(problem) })
}

/** Writes the whole answer to what cannot be read as HTTP. @param error what Node's parser or its timeouts tell */
export function writeClientError(error: Error): string {
  const problem = makeProblem(recognise('code' in error ? error.code : undefined), createId())
  const body = JSON.stringify(problem)
  const headers = Object.entries({ ...headersOf(problem), 'content-length': Buffer.byteLength(body) })
  const lines = [`HTTP/1.1 ${problem.status} ${problem.title}`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** Node's codes: nodejs.org/api/http.html, event `clientError`, and nodejs.org/api/errors.html. */
function recognise(code: unknown): MomentryError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new MomentryError('HEADERS_TOO_LARGE', 'the request line and the headers must be smaller than 16 KiB')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new MomentryError('REQUEST_TIMEOUT', 'the request did not come to its end in time')
  return new MomentryError('MALFORMED_REQUEST', 'the request cannot be read as HTTP')
}

function headersOf(problem: Problem) {
  return { 'content-type': problemMediaType, 'x-request-id': problem.requestId, connection: 'close' }
}
