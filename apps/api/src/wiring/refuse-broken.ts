import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { writeClientError } from '../http/answers/client-error.ts'

/**
 * Answers what comes to a server and is not HTTP, or too much or too slow of it, and closes the connection; Node alone
 * would answer without a body. While the answer to an earlier request is under way the connection is only closed, so that
 * nobody takes this answer for that one.
 */
export function refuseBroken(server: Server): void {
  /** By connection; one that has ended leaves with the next that begins, since a listener for each would cost more. */
  const answers = new WeakMap<Duplex, readonly ServerResponse[]>()
  const openAnswers = (socket: Duplex) => (answers.get(socket) ?? []).filter(({ closed }) => !closed)
  server.prependListener('request', ({ socket }, answer) => {
    answers.set(socket, [...openAnswers(socket), answer])
  })
  server.on('clientError', (error, socket) => {
    // An answer that has not begun, to a request that has not come to its end, is what this one stands for.
    const isTaken = openAnswers(socket).some(({ headersSent, req }) => headersSent || req.complete)
    if (!socket.writable || isTaken) socket.destroy()
    else socket.end(writeClientError(error), () => socket.destroy())
  })
}
