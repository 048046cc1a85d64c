import { hash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

export interface S3Server {
  url: string
  objects: Map<string, Buffer>
  /** Answers so many requests from now on with this status. */
  fail(status: number, times: number): void
  /** Cuts the connection in the middle of so many requests of a method from now on: an upload, or a download. */
  cut(method: 'PUT' | 'GET', times: number): void
  /** Uploads in parts that were finished. */
  multipart(): number
  /** Uploads in parts that are neither finished nor called off. */
  unfinished(): number
  close(): Promise<void>
}

const xml = (text: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${text}`
const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/**
 * What of Amazon's S3 API (docs.aws.amazon.com/AmazonS3/latest/API) a backup needs, one bucket in memory: objects, writes
 * that must be the first, reads from the middle, uploads in parts, lists in pages of three. Unsigned requests are refused.
 */
export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>()
  const uploads = new Map<string, Map<number, Buffer>>()
  let failing = { status: 500, times: 0 }
  const cuts = { PUT: 0, GET: 0 }
  let finished = 0

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '', 'http://s3')
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'))
    if (await isCut(request)) return
    const body = await buffer(request)
    const send = (status: number, text: string | Buffer = '', headers: Record<string, string> = {}) => {
      response.writeHead(status, { etag: '"e"', 'content-length': Buffer.byteLength(text), ...headers })
      if (request.method !== 'GET' || typeof text === 'string' || cuts.GET === 0) return response.end(text)
      cuts.GET -= 1
      return response.write(text.subarray(0, text.length / 2), () => response.destroy())
    }
    const refuse = (status: number, code: string) => send(status, xml(`<Error><Code>${code}</Code></Error>`))
    const uploadId = url.searchParams.get('uploadId')
    if (failing.times > 0) {
      failing.times -= 1
      refuse(failing.status, 'InternalError')
    } else if (!/^AWS4-HMAC-SHA256 Credential=/.test(request.headers.authorization ?? '')) refuse(403, 'AccessDenied')
    else if (uploadId !== null) part(uploadId, key, url, request, body, send)
    else if (url.searchParams.has('uploads')) begin(send)
    else if (url.searchParams.has('list-type')) list(url, send)
    else object(request, key, body, send, refuse)
  }

  const isCut = async (request: IncomingMessage) => {
    if (request.method !== 'PUT' || cuts.PUT === 0) return false
    cuts.PUT -= 1
    await once(request, 'readable')
    request.destroy()
    return true
  }

  const begin = (send: (status: number, text: string) => unknown) => {
    const id = randomUUID()
    uploads.set(id, new Map())
    send(200, xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`))
  }

  const object = (
    request: IncomingMessage,
    key: string,
    body: Buffer,
    send: (status: number, text?: string | Buffer, headers?: Record<string, string>) => unknown,
    refuse: (status: number, code: string) => unknown,
  ) => {
    const found = objects.get(key)
    if (request.method === 'GET') return found ? download(request, found, send, refuse) : refuse(404, 'NoSuchKey')
    if (request.method === 'DELETE') {
      objects.delete(key)
      return send(204)
    }
    if (found && request.headers['if-none-match'] === '*') return refuse(412, 'PreconditionFailed')
    objects.set(key, body)
    return send(200)
  }

  /** From the beginning, or from where a range begins, as long as it is the object that the reader knows. */
  const download = (
    { headers }: IncomingMessage,
    bytes: Buffer,
    send: (status: number, text?: string | Buffer, headers?: Record<string, string>) => unknown,
    refuse: (status: number, code: string) => unknown,
  ) => {
    const etag = `"${hash('md5', bytes)}"`
    if ((headers['if-match'] ?? etag) !== etag) return refuse(412, 'PreconditionFailed')
    const from = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1]
    if (from === undefined) return send(200, bytes, { etag })
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`
    return send(206, bytes.subarray(Number(from)), { etag, 'content-range': range })
  }

  const part = (
    id: string,
    key: string,
    url: URL,
    request: IncomingMessage,
    body: Buffer,
    send: (status: number, text?: string) => unknown,
  ) => {
    const parts = uploads.get(id)
    if (!parts) return send(404, xml('<Error><Code>NoSuchUpload</Code></Error>'))
    if (request.method === 'PUT') {
      parts.set(Number(url.searchParams.get('partNumber')), body)
      return send(200)
    }
    uploads.delete(id)
    if (request.method === 'DELETE') return send(204)
    objects.set(key, Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes)))
    finished += 1
    return send(200, xml('<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>'))
  }

  const list = (url: URL, send: (status: number, text: string) => unknown) => {
    const prefix = url.searchParams.get('prefix') ?? ''
    const after = url.searchParams.get('continuation-token') ?? ''
    const keys = [...objects.keys()].filter((each) => each.startsWith(prefix) && each > after).sort()
    const page = keys.slice(0, 3)
    const isTruncated = keys.length > page.length
    const contents = page.map(
      (each) =>
        `<Contents><Key>${escapeXml(each)}</Key><Size>${objects.get(each)?.length}</Size><LastModified>${new Date().toISOString()}</LastModified></Contents>`,
    )
    const more = isTruncated ? `<NextContinuationToken>${escapeXml(page.at(-1) ?? '')}</NextContinuationToken>` : ''
    return send(
      200,
      xml(`<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${contents.join('')}${more}</ListBucketResult>`),
    )
  }

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    objects,
    fail(status, times) {
      failing = { status, times }
    },
    cut(method, times) {
      cuts[method] = times
    },
    multipart: () => finished,
    unfinished: () => uploads.size,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
