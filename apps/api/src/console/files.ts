import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

/** A file as it is sent. */
export interface ServedFile {
  body: Buffer
  type: string
  /** Of its content, without quotes. */
  tag: string
  /** The same by Brotli, made at the first call; undefined where that saves nothing. */
  compressed(): Promise<Buffer | undefined>
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}
/** Those that are not compressed by themselves. */
const isText = /^(text\/|application\/|image\/svg)/
/** Half a megabyte takes some 10 ms. */
const quality = 5

const compress = promisify(brotliCompress)

/**
 * Reads every file of a folder, by its path within it, such as `assets/index.js`. What is asked for is looked up among
 * those and never made into a path, so that nothing outside can be reached; links are not followed, and
 * hidden files left out.
 * @throws Error of the file system, where there is no such folder
 */
export async function readFiles(folder: string): Promise<ReadonlyMap<string, ServedFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      files.map(
        async (path) => [relative(folder, path).replaceAll(sep, '/'), toServed(path, await readFile(path))] as const,
      ),
    ),
  )
}

function toServed(path: string, body: Buffer): ServedFile {
  const type = types[extname(path)] ?? 'application/octet-stream'
  let compressed: Promise<Buffer | undefined> | undefined
  return {
    body,
    type,
    tag: createHash('sha256').update(body).digest('base64url').slice(0, 27),
    compressed() {
      compressed ??= isText.test(type) ? smaller(body) : Promise.resolve(undefined)
      return compressed
    },
  }
}

async function smaller(body: Buffer): Promise<Buffer | undefined> {
  const made = await compress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })
  return made.length < body.length ? made : undefined
}
