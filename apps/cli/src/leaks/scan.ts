import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { relative } from 'node:path'
import { findAppearances, findRepository, readHistory } from './git-history.ts'
import { type FoundSecret, scanBytes } from './scan-bytes.ts'
import { isExcluded, reasonOf, walkFiles } from './walk-files.ts'

export interface Find extends FoundSecret {
  path: string
  /** The directory of git's, where it lies in a history; undefined: it lies in a file as it is now. */
  repository?: string
  /** The version of a file that has it. */
  blob?: string
  /** The first commit that has it; undefined where only a tag leads there. */
  commit?: string | undefined
}

export interface ScanOptions {
  /** Globs of paths that are left out: from the scanned directory on, or from the root of the repository on. */
  exclude: readonly string[]
  /** The history of the repositories that the paths are in, or that lie below them, as well. */
  history: boolean
  signal: AbortSignal
  /** Told of what could not be looked into, and why. */
  onUnread(path: string, reason: string): void
  /** Told of each file, and of each version of one. */
  onFile(): void
}

/** What is no larger is read at once, which is faster. */
const smallBytes = 8 * 1024 * 1024

/** Finds our secrets in files, and in the history of their repositories. */
export async function* scanPaths(paths: readonly string[], options: ScanOptions): AsyncGenerator<Find> {
  const roots = new Set<string>()
  const walk = { ...options, onRepository: (directory: string) => void roots.add(directory) }
  for (const path of paths) {
    for await (const file of walkFiles(path, walk)) yield* scanFile(file, options)
    if ((await stat(path)).isDirectory()) roots.add(path)
  }
  if (!options.history) return
  for (const repository of await findRepositories(roots, options)) {
    try {
      yield* scanHistory(repository, options)
    } catch (error) {
      options.signal.throwIfAborted()
      options.onUnread(repository, reasonOf(error))
    }
  }
}

async function findRepositories(roots: Iterable<string>, { onUnread }: ScanOptions): Promise<Set<string>> {
  const repositories = new Set<string>()
  for (const root of roots) {
    const repository = await findRepository(root).catch((error: unknown) =>
      onUnread(`the history of ${root}`, reasonOf(error)),
    )
    if (repository !== undefined) repositories.add(repository)
  }
  return repositories
}

async function* scanFile(path: string, { onUnread, onFile, signal }: ScanOptions): AsyncGenerator<Find> {
  signal.throwIfAborted()
  onFile()
  try {
    const { size } = await stat(path)
    const pieces = size > smallBytes ? createReadStream(path, { highWaterMark: 1024 * 1024 }) : [await readFile(path)]
    for await (const found of scanBytes(pieces)) yield { ...found, path: relative('', path) || path }
  } catch (error) {
    // It may have been deleted meanwhile.
    if (reasonOf(error) !== 'ENOENT') onUnread(path, reasonOf(error))
  }
}

/** A version of a file can lie in several places: it is left out if all of them are. */
async function* scanHistory(repository: string, { onFile, signal, exclude }: ScanOptions): AsyncGenerator<Find> {
  const blobs: { id: string; path: string; found: FoundSecret[] }[] = []
  for await (const { id, path, pieces } of readHistory(repository, signal)) {
    onFile()
    const found = await Array.fromAsync(scanBytes(pieces))
    if (found.length > 0) blobs.push({ id, path, found })
  }
  const appearances = await findAppearances(
    repository,
    blobs.map(({ id }) => id),
  )
  for (const { id, path, found } of blobs) {
    const places = appearances.get(id) ?? []
    const place = [...places, ...(places.length === 0 ? [{ path, commit: undefined }] : [])].find(
      (each) => !isExcluded(each.path, exclude),
    )
    if (place) for (const each of found) yield { ...each, ...place, repository, blob: id }
  }
}
