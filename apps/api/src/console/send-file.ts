import type { Context } from 'hono'
import type { ServedFile } from './files.ts'

/**
 * Sends a file, compressed for who takes that, or only says that it is as it was (RFC 9110 section 13.1.2).
 * @param cacheControl how long it may be kept
 */
export async function sendFile(c: Context, file: ServedFile, cacheControl: string): Promise<Response> {
  const small = takesBrotli(c.req.header('accept-encoding')) ? await file.compressed() : undefined
  const tag = small ? `"${file.tag}-br"` : `"${file.tag}"`
  const headers = { etag: tag, 'cache-control': cacheControl, vary: 'accept-encoding' }
  if (isSame(c.req.header('if-none-match'), tag)) return c.body(null, 304, headers)
  const body = small ?? file.body
  return c.body(new Uint8Array(body), 200, {
    ...headers,
    'content-type': file.type,
    'content-length': String(body.length),
    ...(small && { 'content-encoding': 'br' }),
  })
}

/** Without weights but for the one that means no (RFC 9110 section 12.5.3). */
function takesBrotli(accepted: string | undefined): boolean {
  return (accepted ?? '').split(',').some((part) => /^\s*br\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(part))
}

function isSame(ifNoneMatch: string | undefined, tag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((each) => each.trim().replace(/^W\//, '')) ?? []
  return tags.includes(tag) || tags.includes('*')
}
