import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDataDir } from '@momentry/embedded/host/data-dir.ts'
import { commandLine } from '@momentry/embedded/host/process.ts'

/** By this its command line tells a launcher from another process that was given the same id later. */
const mark = 'apps/launcher/src/main.ts'

const fileOf = (dataDir: string) => join(dataDir, 'launcher.pid')

/** Gives the id of the launcher that runs on a data directory, or undefined. */
export async function findHolder(dataDir: string): Promise<number | undefined> {
  const pid = Number(await readFile(fileOf(dataDir), 'utf8').catch(() => ''))
  if (!Number.isInteger(pid) || pid < 2 || pid === process.pid) return undefined
  return (await commandLine(pid)).includes(mark) ? pid : undefined
}

/**
 * Takes a data directory for this launcher alone, making it where needed.
 * @returns what gives it back
 * @throws Error, one line for people, where another launcher has it, or where it cannot be made
 */
export async function takeLock(dataDir: string): Promise<() => Promise<void>> {
  const file = fileOf(dataDir)
  await makeDataDir(dataDir)
  const create = () => writeFile(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
  await create().catch(async () => {
    await refuseHolder(dataDir)
    await rm(file, { force: true })
    await create()
  })
  return () => rm(file, { force: true })
}

/** @throws Error, one line for people, where a launcher runs on the data directory */
export async function refuseHolder(dataDir: string): Promise<void> {
  const holder = await findHolder(dataDir)
  if (holder === undefined) return
  throw new Error(
    `Momentry already runs on ${dataDir} (process ${holder}); for another beside it set PORT and MOMENTRY_DATA_DIR`,
  )
}
