import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writePrivateFile } from '@momentry/embedded/host/secret-file.ts'
import { parseMasterKeys } from '@momentry/shared/config/fields.ts'
import type { Config } from '@momentry/shared/config.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure, usageFailure } from '../failure.ts'

export interface MasterKeys {
  keys: [string, ...string[]]
  /** Where they stand; undefined where the environment gave them. */
  file: string | undefined
  /** Writes other ones in their place, where that is a file. */
  write(keys: string): Promise<void>
  /** @throws CliFailure where `npm start` runs that has not read the file as it is now */
  refuseOldProcesses(): Promise<void>
}

/** Finds the master keys: `MOMENTRY_MASTER_KEY`, else those of the data directory. @throws CliFailure where neither is */
export async function findMasterKeys({ masterKeys }: Pick<Config, 'masterKeys'>, dataDir: string): Promise<MasterKeys> {
  const nothing = async () => {}
  if (masterKeys) return { keys: masterKeys, file: undefined, write: nothing, refuseOldProcesses: nothing }
  const file = join(dataDir, 'master.key')
  const text = await readFile(file, 'utf8').catch(() => {
    throw usageFailure(`there is no master key: set MOMENTRY_MASTER_KEY (there is no master.key in ${dataDir})`)
  })
  return {
    keys: readKeys(file, text),
    file,
    write: (keys) => writePrivateFile(file, `${keys}\n`),
    async refuseOldProcesses() {
      // The launcher writes its pid file at its start, after which it reads the keys.
      const [keys, launcher] = await Promise.all([timeOf(file), timeOf(join(dataDir, 'launcher.pid'))])
      if (launcher !== undefined && keys !== undefined && launcher < keys)
        throw new CliFailure(
          exitCodes.failed,
          'Momentry still runs with the old key alone: stop `npm start`, start it again',
        )
    },
  }
}

function readKeys(file: string, text: string): [string, ...string[]] {
  try {
    return parseMasterKeys(text.trim())
  } catch {
    throw new CliFailure(exitCodes.failed, `${file} does not hold a master key (32 bytes in base64)`)
  }
}

async function timeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  )
}
