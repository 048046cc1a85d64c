import type { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Config } from '../../config.ts'
import { MomentryError } from '../../errors.ts'
import { claimName } from './names.ts'
import type { BackupStorage, StoredFile } from './storage.ts'

type Settings = NonNullable<Config['backup']['s3']>

/** Keeps backups in a bucket of S3, or of what speaks its protocol. */
export function createS3Storage({ bucket, prefix, endpoint, region, credentials }: Settings): BackupStorage {
  const client = new S3Client({
    region,
    // Whoever speaks the protocol knows buckets in the path, and not each of the newer checksums.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const front = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  const place = (path: string) => ({ Bucket: bucket, Key: `${front}${path}` })
  return {
    describe: () => `s3://${bucket}/${front}`,
    async claim(folder) {
      const claim = { ...place(`${folder}/${claimName}`), Body: '', IfNoneMatch: '*' }
      return client.send(new PutObjectCommand(claim)).then(
        () => true,
        (error: unknown) => {
          if (statusOf(error) === 412 || statusOf(error) === 409) return false
          throw unavailable(error)
        },
      )
    },
    async write(path, source) {
      const upload = new Upload({ client, params: { ...place(path), Body: source } })
      await upload.done().catch((error: unknown) => {
        source.destroy()
        throw unavailable(error)
      })
    },
    async commit(path, text) {
      await client.send(new PutObjectCommand({ ...place(path), Body: text })).catch((error: unknown) => {
        throw unavailable(error)
      })
    },
    async read(path) {
      try {
        const { Body } = await client.send(new GetObjectCommand(place(path)))
        return requireStream(Body)
      } catch (error) {
        if (statusOf(error) === 404)
          throw new MomentryError('BACKUP_NOT_FOUND', `there is no ${path} in s3://${bucket}/${front}`)
        throw unavailable(error)
      }
    },
    async list() {
      const files: StoredFile[] = []
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: front }))
          for (const { Key = '', Size = 0, LastModified } of page.Contents ?? [])
            files.push({ path: Key.slice(front.length), bytes: Size, at: LastModified ?? new Date(0) })
      } catch (error) {
        throw unavailable(error)
      }
      return files
    },
    async remove(path) {
      await client.send(new DeleteObjectCommand(place(path))).catch((error: unknown) => {
        throw unavailable(error)
      })
    },
    close: async () => client.destroy(),
  }
}

/** In Node a body is a stream of Node's own; the SDK's type allows for browsers. */
function requireStream(body: unknown): Readable {
  if (typeof body === 'object' && body !== null && 'pipe' in body && isReadable(body)) return body
  throw new Error('the answer has no body')
}

function isReadable(body: object): body is Readable {
  return Symbol.asyncIterator in body
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
}

function unavailable(error: unknown): MomentryError {
  if (error instanceof MomentryError) return error
  const status = statusOf(error)
  const reason =
    error instanceof S3ServiceException ? `${error.name}${status === undefined ? '' : `, ${status}`}` : 'no connection'
  return new MomentryError('STORAGE_UNAVAILABLE', `the bucket of backups cannot be used (${reason})`, { cause: error })
}
