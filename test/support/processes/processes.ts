import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { keepWritten } from '../written/keep.ts'
import { compileCache, nodeOptions, programFile } from './programs.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const readyMessage = z.looseObject({ type: z.literal('ready'), url: z.string().optional() })

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface TestProcess {
  /** Where it serves, if it serves. */
  url?: string
  pid: number
  /** All that it has written so far, on standard output and standard error. */
  output(): string
  kill(signal: NodeJS.Signals): void
  /** Asks it to drain and waits until it has ended; gives its exit code. */
  stop(): Promise<number | null>
  exited: Promise<Exit>
}

const living = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL')
})

/**
 * Starts one of Momentry's processes and waits until it says that it is ready.
 * @param env all of its environment but PATH; see `createTestStores`
 * @throws Error, with what it wrote, where it ends before that
 */
export async function startProcess(
  app: 'api' | 'worker' | 'alerter',
  env: Record<string, string>,
): Promise<TestProcess> {
  const child = spawn(process.execPath, [...nodeOptions, programFile(app)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache, ...env },
  })
  living.add(child)
  keepWritten(app, [child.stdout, child.stderr])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)))
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code, signal }))
  }).finally(() => living.delete(child))
  const ready = new Promise<z.infer<typeof readyMessage>>((resolve) => {
    child.on('message', (message) => {
      const parsed = readyMessage.safeParse(message)
      if (parsed.success) resolve(parsed.data)
    })
  })
  const first = await Promise.race([ready, exited])
  if (!('type' in first))
    throw new Error(`${app} ended with ${first.code ?? first.signal} before it was ready:\n${output}`)
  return {
    ...(first.url === undefined ? {} : { url: first.url }),
    pid: child.pid ?? 0,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM')
      return (await exited).code
    },
    exited,
  }
}
