import { readdir, stat } from 'node:fs/promises'
import { join, matchesGlob, relative } from 'node:path'

export interface WalkOptions {
  /** Globs of paths, from the root on, that are left out. */
  exclude: readonly string[]
  /** Told of what cannot be read. */
  onUnreadable(path: string, code: string): void
}

/** Gives the files below a path, or the path itself where it is a file. Links are not followed, and `.git` is no files. */
export async function* walkFiles(root: string, options: WalkOptions): AsyncGenerator<string> {
  const found = await stat(root)
  if (found.isFile()) yield root
  else yield* walkDirectory(root, root, options)
}

async function* walkDirectory(root: string, directory: string, options: WalkOptions): AsyncGenerator<string> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    options.onUnreadable(directory, error.code ?? 'unreadable')
    return []
  })
  for (const entry of entries) {
    const path = join(directory, entry.name)
    const name = relative(root, path)
    if (options.exclude.some((glob) => matchesGlob(name, glob))) continue
    if (entry.isDirectory() && entry.name !== '.git') yield* walkDirectory(root, path, options)
    if (entry.isFile()) yield path
  }
}
