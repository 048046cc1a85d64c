import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { keepWritten } from '../written/keep.ts'
import { compileCache } from './programs.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const startMs = 60_000

const runtimeSchema = z.object({
  apiUrl: z.string(),
  databaseUrl: z.string(),
  redisUrl: z.string(),
  pids: z.record(z.string(), z.int()),
  metrics: z.object({ worker: z.string(), alerter: z.string() }),
})

export interface LauncherRun {
  pid: number
  /** All that it has written so far. */
  output(): string
  /** Resolves when it says that everything is ready. @throws Error, with its output, where it ends before that */
  ready(): Promise<void>
  kill(signal: NodeJS.Signals): void
  /** Its exit code, once it has ended. */
  exited: Promise<number | null>
}

const living = new Set<ChildProcess>()
// It ends what it started, where a run is broken off.
process.on('exit', () => {
  for (const child of living) child.kill('SIGTERM')
})

/** Starts the launcher as `npm start` does. @param env all of its environment but PATH */
export function runLauncher(env: Record<string, string>, args: readonly string[] = []): LauncherRun {
  const child = spawn(process.execPath, ['apps/launcher/src/main.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache, ...env },
  })
  living.add(child)
  keepWritten('launcher', [child.stdout, child.stderr])
  let output = ''
  const ready = Promise.withResolvers<boolean>()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk)
      if (output.includes('Momentry is ready.') && output.includes('Ctrl-C')) ready.resolve(true)
    })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve)).finally(() =>
    living.delete(child),
  )
  return {
    pid: child.pid ?? 0,
    output: () => output,
    async ready() {
      const timer = setTimeout(() => ready.resolve(false), startMs)
      const isReady = await Promise.race([ready.promise, exited.then(() => false)])
      clearTimeout(timer)
      if (!isReady) throw new Error(`the launcher did not get ready:\n${output}`)
    },
    kill: (signal) => void child.kill(signal),
    exited,
  }
}

/** Reads a data directory's `runtime.json`. */
export async function readRuntime(dataDir: string): Promise<z.infer<typeof runtimeSchema>> {
  return runtimeSchema.parse(JSON.parse(await readFile(join(dataDir, 'runtime.json'), 'utf8')))
}

/** Reads a data directory's `credentials.json`. */
export async function readCredentials(dataDir: string): Promise<{ keyId: string; key: string }> {
  const schema = z.object({ keyId: z.string(), key: z.string() })
  return schema.parse(JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8')))
}
