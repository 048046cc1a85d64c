import { type ChildProcess, spawn } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Place, pinned } from './pin.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const programs = join(root, 'dist/programs')
const readyMessage = z.looseObject({ type: z.literal('ready'), url: z.string().default('') })

export interface Running {
  /** Where it serves; empty where it serves nothing. */
  url: string
  pid: number
  /** Asks it to end, and waits for that. */
  stop(): Promise<void>
}

const living = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL')
})

/** Where `bundle` puts one of Momentry's programs: what is measured is what `npm start` runs. */
export function programFile(name: 'api' | 'worker' | 'alerter'): string {
  return join(programs, `${name}.js`)
}

let profileFolder: string | undefined

/**
 * From now on each of Momentry's programs writes, when it ends, what it spent its time on.
 * @param folder where to, a folder for each program
 */
export function profilePrograms(folder: string): void {
  profileFolder = folder
}

function profileOptions(file: string): string[] {
  if (profileFolder === undefined || dirname(file) !== programs) return []
  return ['--cpu-prof', `--cpu-prof-dir=${join(profileFolder, basename(file, '.js'))}`]
}

/**
 * Starts a program of Node that says by a message when it is ready, as Momentry's do and the peers here.
 * @param env all of its environment but PATH
 * @param nodeOptions for Node itself, such as `--cpu-prof`
 * @throws Error with what it wrote, where it ends before that
 */
export async function startProgram(
  file: string,
  { env = {}, place, nodeOptions = [] }: { env?: Record<string, string>; place: Place; nodeOptions?: string[] },
): Promise<Running> {
  const [command, args] = pinned(place, process.execPath, [...profileOptions(file), ...nodeOptions, file])
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
  })
  living.add(child)
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      written = (written + String(chunk)).slice(-10_000)
    })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve())).finally(() => living.delete(child))
  const ready = new Promise<z.infer<typeof readyMessage>>((resolve) => {
    child.on('message', (message) => {
      const parsed = readyMessage.safeParse(message)
      if (parsed.success) resolve(parsed.data)
    })
  })
  const first = await Promise.race([ready, exited])
  if (!first) throw new Error(`${file} ended before it was ready:\n${written}`)
  return {
    url: first.url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
