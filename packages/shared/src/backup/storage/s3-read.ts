import { Readable } from 'node:stream'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'

/** How often in a row a connection may break before anything came over it. */
const maxBreaks = 5

/**
 * Opens an object. A table takes hours to read where it is large, and no connection lasts for ever: one that breaks is
 * taken up where it broke, as long as the object is still the same one.
 * @throws Error of the SDK
 */
export async function openObject(client: S3Client, object: { Bucket: string; Key: string }): Promise<Readable> {
  const open = async (from: number, etag: string | undefined) => {
    const rest = from === 0 ? {} : { Range: `bytes=${from}-`, ...(etag !== undefined && { IfMatch: etag }) }
    const answer = await client.send(new GetObjectCommand({ ...object, ...rest }))
    const { Body, ETag, ContentRange } = answer
    if (from > 0 && ContentRange === undefined) throw new Error('the bucket cannot read from the middle of an object')
    return { body: requireStream(Body), etag: ETag }
  }
  const first = await open(0, undefined)

  async function* pieces() {
    let { body } = first
    let read = 0
    let breaks = 0
    for (;;) {
      try {
        for await (const piece of body) {
          read += piece.length
          breaks = 0
          yield piece
        }
        return
      } catch (error) {
        breaks += 1
        if (breaks > maxBreaks) throw error
      }
      body = (await open(read, first.etag)).body
    }
  }
  return Readable.from(pieces(), { objectMode: false })
}

/** In Node a body is a stream of Node's own; the SDK's type allows for browsers. */
function requireStream(body: unknown): Readable {
  if (body instanceof Readable) return body
  throw new Error('the answer has no body')
}
