import { MomentryError } from '@momentry/shared/errors.ts'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ApiEnv } from '../http/env.ts'

/** No body is larger: 1,000 usage events of the longest kind that is sensible fit well within. */
export const maxBodyBytes = 1024 * 1024

/** Refuses a body that is too large before it is read, also one that comes in chunks. */
export function limitBody(): MiddlewareHandler<ApiEnv> {
  return bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => {
      throw new MomentryError('PAYLOAD_TOO_LARGE', `the body must not be larger than ${maxBodyBytes} bytes`)
    },
  })
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
