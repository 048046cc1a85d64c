import type { IncomingMessage } from 'node:http'

/** Longer bodies go the whole way: a question of a service has some 100 bytes. */
const maxBytes = 4096

/** Of an odd one no URL can be made, which is refused elsewhere. */
const hostShape = /^[\w.:[\]-]+$/

/** What says that more than the body and a bearer has to be looked at. */
const special = ['transfer-encoding', 'content-encoding', 'cookie', 'expect'] as const

/**
 * Tells whether a request is what services send again and again: a short JSON body for the validate route, with a bearer
 * secret or none. What is unusual in any way is not, however right it may be.
 */
export function isPlainQuestion({ method, url, headers }: IncomingMessage): boolean {
  if (url !== '/v1/keys/validate' || method !== 'POST') return false
  if (headers['content-type'] !== 'application/json' || !hostShape.test(headers.host ?? '')) return false
  const length = Number(headers['content-length'])
  return length > 0 && length <= maxBytes && special.every((name) => headers[name] === undefined)
}
