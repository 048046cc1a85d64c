import { isUtf8 } from 'node:buffer'
import { MomentryError } from '@momentry/shared/errors.ts'
import { isDeeperThan } from '@momentry/shared/platform/json-depth.ts'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ApiEnv } from '../http/env.ts'

/** No body is larger: 1,000 usage events of the longest kind that is sensible fit well within. */
export const maxBodyBytes = 1024 * 1024
/** Metadata is the deepest part of any body, with five levels. */
const maxDepth = 32

/**
 * Refuses a body that is too large before it is read. Node holds a body to its Content-Length, so only one that comes in
 * chunks is counted as it comes: for that, a whole Request with a stream has to be made, which costs more than the rest.
 */
export function limitBody(): MiddlewareHandler<ApiEnv> {
  const refuse = (): never => {
    throw new MomentryError('PAYLOAD_TOO_LARGE', `the body must not be larger than ${maxBodyBytes} bytes`)
  }
  const countChunks = bodyLimit({ maxSize: maxBodyBytes, onError: refuse })
  return async (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) return countChunks(c, next)
    if (Number(c.req.header('content-length') ?? 0) > maxBodyBytes) refuse()
    return next()
  }
}

/** Bodies are read as they come: one that is compressed would look like broken JSON. */
export function refuseEncodedBody(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const encoding = c.req.header('content-encoding')
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
      throw new MomentryError('UNSUPPORTED_MEDIA_TYPE', 'the body must not be compressed')
    await next()
  }
}

/**
 * Refuses a body that is not UTF-8 (RFC 8259 section 8.1), since decoded as usual its broken bytes would be replaced
 * without a word, and one that nests too deeply. @throws MomentryError `MALFORMED_JSON`, `UNSUPPORTED_MEDIA_TYPE`
 */
export function requireReadable(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const type = c.req.header('content-type')
    // Without a type there is no body, or it is refused for that.
    if (type === undefined) return next()
    const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1]
    if (charset !== undefined && charset.toLowerCase() !== 'utf-8')
      throw new MomentryError('UNSUPPORTED_MEDIA_TYPE', 'the body must be UTF-8')
    const bytes = await c.req.arrayBuffer().catch(() => undefined)
    if (!bytes) throw new MomentryError('MALFORMED_JSON', 'the body cannot be read to its end')
    if (!isUtf8(bytes)) throw new MomentryError('MALFORMED_JSON', 'the body is not UTF-8')
    if (isDeeperThan(maxDepth, new Uint8Array(bytes)))
      throw new MomentryError('MALFORMED_JSON', `the body must not nest deeper than ${maxDepth} levels`)
    return next()
  }
}
