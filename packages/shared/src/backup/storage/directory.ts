import { createReadStream, createWriteStream, type Dirent } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { MomentryError } from '../../errors.ts'
import { claimName } from './names.ts'
import type { BackupStorage, StoredFile } from './storage.ts'
import { watchSource } from './watch-source.ts'

/** Keeps backups in a directory that only its owner can read. What is said to be written is on the disk. */
export function createDirectoryStorage(directory: string): BackupStorage {
  const place = (path: string) => join(directory, path)
  return {
    describe: () => directory,
    claim: (folder) => unavailable(() => claim(directory, folder)),
    async write(path, source) {
      const { watched, failed } = watchSource(source)
      try {
        await pipeline(watched, createWriteStream(place(path), { flags: 'wx', mode: 0o600, flush: true }))
      } catch (error) {
        throw failed() ? error : asUnavailable(error)
      }
    },
    commit: (path, text) => unavailable(() => writeWhole(directory, place(path), text)),
    read: (path) => unavailable(() => openFile(directory, path)),
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

/** Only one of those who try makes the folder; the file in it lets it be seen while it is empty. */
async function claim(directory: string, folder: string): Promise<boolean> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  try {
    await mkdir(join(directory, folder), { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  await (await open(join(directory, folder, claimName), 'wx', 0o600)).close()
  return true
}

async function writeWhole(directory: string, path: string, text: string): Promise<void> {
  const unfinished = `${path}.part`
  const file = await open(unfinished, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  // The names of what was written before have to be there after a loss of power, if this one is.
  await syncDirectory(dirname(path))
  await rename(unfinished, path)
  for (const each of [dirname(path), directory]) await syncDirectory(each)
}

async function openFile(directory: string, path: string): Promise<Readable> {
  const found = await stat(join(directory, path)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw error
  })
  if (!found?.isFile()) throw new MomentryError('BACKUP_NOT_FOUND', `there is no ${path} in ${directory}`)
  return createReadStream(join(directory, path))
}

/** Backups are one folder deep. One that is removed meanwhile is left out. */
async function listFiles(directory: string): Promise<StoredFile[]> {
  const top = await entriesOf(directory)
  const inFolders = await Promise.all(
    top.filter((entry) => entry.isDirectory()).map(({ name }) => entriesOf(join(directory, name))),
  )
  const files = [top, ...inFolders].flat().filter((entry) => entry.isFile())
  const found = await Promise.all(files.map(({ parentPath, name }) => describeFile(directory, join(parentPath, name))))
  return found.filter((file) => file !== undefined)
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** Gives undefined where somebody removed the file meanwhile. */
async function describeFile(directory: string, file: string): Promise<StoredFile | undefined> {
  try {
    const { size, mtime } = await stat(file)
    return { path: relative(directory, file).replaceAll('\\', '/'), bytes: size, at: mtime }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
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
    throw asUnavailable(error)
  }
}

function asUnavailable(error: unknown): MomentryError {
  if (error instanceof MomentryError) return error
  const reason = codeOf(error) ?? 'it failed'
  return new MomentryError('STORAGE_UNAVAILABLE', `the directory of backups cannot be used (${reason})`, {
    cause: error,
  })
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
