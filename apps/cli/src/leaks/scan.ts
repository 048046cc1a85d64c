import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { relative } from 'node:path'
import { commitOf, findRepository, readHistory } from './git-history.ts'
import { type FoundSecret, scanBytes } from './scan-bytes.ts'
import { walkFiles } from './walk-files.ts'

export interface Find extends FoundSecret {
  path: string
  /** The first commit that has it; undefined: it lies in a file as it is now. */
  commit?: string | undefined
}

export interface ScanOptions {
  exclude: readonly string[]
  /** The history of the repositories that the paths are in as well. */
  history: boolean
  signal: AbortSignal
  onUnreadable(path: string, code: string): void
  /** Told of each file, and of each version of one. */
  onFile(): void
}

/** What is no larger is read at once, which is faster. */
const smallBytes = 8 * 1024 * 1024

/** Finds our secrets in files, and in the history of their repositories. */
export async function* scanPaths(paths: readonly string[], options: ScanOptions): AsyncGenerator<Find> {
  const repositories = new Set<string>()
  for (const root of paths) {
    for await (const path of walkFiles(root, options)) yield* scanFile(path, options)
    const repository = options.history ? await findRepository(root) : undefined
    if (repository !== undefined) repositories.add(repository)
  }
  for (const repository of repositories) yield* scanHistory(repository, options)
}

async function* scanFile(path: string, { onUnreadable, onFile, signal }: ScanOptions): AsyncGenerator<Find> {
  signal.throwIfAborted()
  onFile()
  try {
    const { size } = await stat(path)
    const pieces = size > smallBytes ? createReadStream(path, { highWaterMark: 1024 * 1024 }) : [await readFile(path)]
    for await (const found of scanBytes(pieces)) yield { ...found, path: relative('', path) || path }
  } catch (error) {
    onUnreadable(path, error instanceof Error && 'code' in error ? String(error.code) : 'unreadable')
  }
}

async function* scanHistory(root: string, { onFile, signal }: ScanOptions): AsyncGenerator<Find> {
  for await (const { id, path, pieces } of readHistory(root, signal)) {
    onFile()
    const found = await Array.fromAsync(scanBytes(pieces))
    if (found.length === 0) continue
    const commit = await commitOf(root, id)
    for (const each of found) yield { ...each, path, commit }
  }
}
