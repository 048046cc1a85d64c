import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readFiles, type ServedFile } from './files.ts'

/** Gives the files of the console's build as it is now; undefined where it was not built. */
export type ReadBuild = () => Promise<ReadonlyMap<string, ServedFile> | undefined>

/** Keeps the files of a build in memory, from the first request on, and reads them anew after another build. */
export function createBuildReader(folder: string): ReadBuild {
  let read: { version: string; files: Promise<ReadonlyMap<string, ServedFile>> } | undefined
  return async () => {
    const version = await stat(join(folder, 'index.html')).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      () => undefined,
    )
    if (version === undefined) return undefined
    if (read?.version !== version) read = { version, files: readFiles(folder) }
    // A build that is under way takes files away: the next request reads anew.
    return read.files.catch(() => {
      read = undefined
      return undefined
    })
  }
}
