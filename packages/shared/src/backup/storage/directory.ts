import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { MomentryError } from '../../errors.ts'
import type { BackupStorage, StoredFile } from './storage.ts'

/** Keeps backups in a directory that only its owner can read. What is said to be written is on the disk. */
export function createDirectoryStorage(directory: string): BackupStorage {
  const place = (path: string) => join(directory, path)
  return {
    describe: () => directory,
    async claim(folder) {
      return unavailable(async () => {
        await mkdir(directory, { recursive: true, mode: 0o700 })
        return mkdir(place(folder), { mode: 0o700 }).then(
          () => true,
          (error: NodeJS.ErrnoException) => {
            if (error.code === 'EEXIST') return false
            throw error
          },
        )
      })
    },
    write: (path, source) =>
      pipeline(source, createWriteStream(place(path), { flags: 'wx', mode: 0o600, flush: true })),
    async commit(path, text) {
      await unavailable(async () => {
        const unfinished = place(`${path}.part`)
        const file = await open(unfinished, 'w', 0o600)
        try {
          await file.writeFile(text)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(unfinished, place(path))
        // The name is on the disk once its directory is.
        for (const each of [dirname(place(path)), directory]) await syncDirectory(each)
      })
    },
    async read(path) {
      const found = await stat(place(path)).catch(() => undefined)
      if (!found?.isFile()) throw new MomentryError('BACKUP_NOT_FOUND', `there is no ${path} in ${directory}`)
      return createReadStream(place(path))
    },
    list: () => unavailable(() => listFiles(directory)),
    async remove(path) {
      await unavailable(async () => {
        await rm(place(path), { force: true })
        // The last file takes its folder with it.
        if (dirname(path) !== '.') await rmdir(dirname(place(path))).catch(() => undefined)
      })
    },
    close: async () => undefined,
  }
}

async function listFiles(directory: string): Promise<StoredFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    },
  )
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    files.map(async (file) => {
      const { size, mtime } = await stat(file)
      return { path: relative(directory, file).replaceAll('\\', '/'), bytes: size, at: mtime }
    }),
  )
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function unavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it failed'
    throw new MomentryError('STORAGE_UNAVAILABLE', `the directory of backups cannot be used (${code})`, {
      cause: error,
    })
  }
}
