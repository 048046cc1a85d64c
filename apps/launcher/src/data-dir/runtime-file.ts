import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writePrivateFile } from '@momentry/embedded/host/secret-file.ts'
import { z } from 'zod'

const pid = z.int().min(2).optional()
const runtimeSchema = z.object({
  apiUrl: z.string(),
  databaseUrl: z.string(),
  redisUrl: z.string(),
  /** Process ids; those of servers only where they are embedded. */
  pids: z.object({ launcher: pid, api: pid, worker: pid, alerter: pid, postgres: pid, redis: pid }),
  /** Where /metrics of the processes without an API is. */
  metrics: z.object({ worker: z.string(), alerter: z.string() }),
})

/** What runs on a data directory just now, for the command line, for tests and for the next start. */
export type Runtime = z.infer<typeof runtimeSchema>

const fileOf = (dataDir: string) => join(dataDir, 'runtime.json')

export interface RuntimeFile {
  /** Writes the file, and from now on `refresh` does. */
  open(describe: () => Runtime): Promise<void>
  /** Writes it anew after something has changed; does nothing before `open`. */
  refresh(): void
  /** Removes it. */
  close(): Promise<void>
}

/** Keeps a data directory's `runtime.json` true while everything runs. */
export function createRuntimeFile(dataDir: string): RuntimeFile {
  let describe: (() => Runtime) | undefined
  let writing: Promise<void> = Promise.resolve()
  const write = () => {
    writing = writing
      .then(() => describe && writePrivateFile(fileOf(dataDir), `${JSON.stringify(describe(), null, 2)}\n`))
      .catch(() => {})
    return writing
  }
  return {
    open(give) {
      describe = give
      return write()
    },
    refresh: () => void write(),
    async close() {
      describe = undefined
      await writing
      await removeRuntime(dataDir)
    },
  }
}

/** Gives what an earlier launcher left; undefined where there is nothing, or nothing that can be read. */
export async function readRuntime(dataDir: string): Promise<Runtime | undefined> {
  try {
    return runtimeSchema.safeParse(JSON.parse(await readFile(fileOf(dataDir), 'utf8'))).data
  } catch {
    return undefined
  }
}

export async function removeRuntime(dataDir: string): Promise<void> {
  await rm(fileOf(dataDir), { force: true })
}
