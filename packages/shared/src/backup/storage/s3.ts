import type { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Config } from '../../config.ts'
import { MomentryError } from '../../errors.ts'
import { claimName } from './names.ts'
import { openObject } from './s3-read.ts'
import type { BackupStorage, StoredFile } from './storage.ts'
import { watchSource } from './watch-source.ts'

type Settings = NonNullable<Config['backup']['s3']>

/**
 * An upload has 10,000 parts at the most, so that a table's file can have 156 GiB; as many parts as are on their way are in
 * memory.
 */
const partBytes = 16 * 1024 * 1024
const partsAtOnce = 2

/** A bucket that says nothing for so long is away. */
const timeouts = { connectionTimeout: 10_000, socketTimeout: 120_000 }

/** Keeps backups in a bucket of S3, or of what speaks its protocol. */
export function createS3Storage({ bucket, prefix, endpoint, region, credentials }: Settings): BackupStorage {
  const client = new S3Client({
    region,
    // Whoever speaks the protocol knows buckets in the path, and not each of the newer checksums.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: timeouts,
  })
  const front = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  const place = (path: string) => ({ Bucket: bucket, Key: `${front}${path}` })
  const put = (path: string, text: string, options: { IfNoneMatch?: string } = {}) => {
    const bytes = Buffer.from(text)
    return client.send(new PutObjectCommand({ ...place(path), Body: bytes, ContentLength: bytes.length, ...options }))
  }
  return {
    describe: () => `s3://${bucket}/${front}`,
    async claim(folder) {
      try {
        await put(`${folder}/${claimName}`, '', { IfNoneMatch: '*' })
        return true
      } catch (error) {
        // 412: somebody has it. 409: somebody takes it at this moment.
        if (statusOf(error) === 412 || statusOf(error) === 409) return false
        throw unavailable(error)
      }
    },
    async write(path, source) {
      const { watched, failed } = watchSource(source)
      const params = { ...place(path), Body: watched }
      try {
        await new Upload({ client, params, partSize: partBytes, queueSize: partsAtOnce }).done()
      } catch (error) {
        watched.destroy()
        throw failed() ? error : unavailable(error)
      }
    },
    commit: (path, text) => orUnavailable(() => put(path, text)),
    async read(path): Promise<Readable> {
      try {
        return await openObject(client, place(path))
      } catch (error) {
        if (statusOf(error) === 404)
          throw new MomentryError('BACKUP_NOT_FOUND', `there is no ${path} in s3://${bucket}/${front}`)
        throw unavailable(error)
      }
    },
    async list() {
      const files: StoredFile[] = []
      await orUnavailable(async () => {
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: front }))
          for (const { Key = '', Size = 0, LastModified } of page.Contents ?? [])
            files.push({ path: Key.slice(front.length), bytes: Size, at: LastModified ?? new Date(0) })
      })
      return files
    },
    remove: (path) => orUnavailable(() => client.send(new DeleteObjectCommand(place(path)))),
    close: async () => client.destroy(),
  }
}

async function orUnavailable(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw unavailable(error)
  }
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
