import { readdir, stat } from 'node:fs/promises'
import { join, matchesGlob, relative } from 'node:path'

export interface WalkOptions {
  /** Globs of paths, from the root on, that are left out. */
  exclude: readonly string[]
  /** Told of what cannot be read, and why. */
  onUnread(path: string, reason: string): void
  /** Told of each directory that is the root of a repository. */
  onRepository(directory: string): void
}

/** Gives the files below a path, or the path itself where it is a file. Links are not followed, and `.git` is no files. */
export async function* walkFiles(root: string, options: WalkOptions): AsyncGenerator<string> {
  const found = await stat(root)
  if (found.isFile()) yield root
  else yield* walkDirectory(root, root, options)
}

async function* walkDirectory(root: string, directory: string, options: WalkOptions): AsyncGenerator<string> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    options.onUnread(directory, reasonOf(error))
    return []
  })
  for (const entry of entries) {
    const path = join(directory, entry.name)
    const name = relative(root, path)
    if (entry.name === '.git') options.onRepository(directory)
    else if (options.exclude.some((glob) => matchesGlob(name, glob))) continue
    else if (entry.isDirectory()) yield* walkDirectory(root, path, options)
    else if (entry.isFile()) yield path
  }
}

/** Tells whether a path, or a directory that it lies in, is left out. @param path from the root on, with slashes */
export function isExcluded(path: string, exclude: readonly string[]): boolean {
  const parts = path.split('/')
  return parts.some((_, at) => exclude.some((glob) => matchesGlob(parts.slice(0, at + 1).join('/'), glob)))
}

/** The code of the operating system, or the message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unreadable'
  return 'code' in error ? String(error.code) : error.message
}
