import { readdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Exit, startProcess, type TestProcess } from '../../../support/processes/processes.ts'
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts'

export type App = 'api' | 'worker' | 'alerter'
export type StoreName = 'redis' | 'postgres'

/** The place of one process, whichever fills it just now: it keeps its ways to the stores and its clock. */
export interface Slot {
  /** `api-1` */
  name: string
  app: App
  /** Its ways to the stores. */
  ways: Record<StoreName, TcpProxy>
  /** Where it serves; undefined while no process runs here. */
  url(): string | undefined
  /** Starts a process, again and again where it ends before it is ready. */
  start(): Promise<void>
  kill(): Promise<void>
  /** Asks it to drain and waits. @returns its exit code */
  stop(): Promise<number | null>
  freeze(): void
  thaw(): void
  /** Shifts its clock against the machine's. */
  shiftClock(ms: number): Promise<void>
  /** Open files and connections of its process; undefined where this machine does not tell. */
  handles(): Promise<number | undefined>
  /** What its processes logged as errors, each message once, with one example. */
  errors(): string[]
  /** Ends that nobody asked for. */
  surprises: string[]
  close(): Promise<void>
}

export interface SlotOptions {
  name: string
  app: App
  databaseUrl: string
  redisUrl: string
  env: Record<string, string>
  /** A file that it alone uses. */
  clockFile: string
}

const shiftClock = fileURLToPath(new URL('shift-clock.ts', import.meta.url))
const startsAtMost = 10

/** Makes a place for a process, with proxies before both stores. */
export async function createSlot(options: SlotOptions): Promise<Slot> {
  const { name, app, clockFile } = options
  const ways = {
    redis: await startTcpProxy(Number(new URL(options.redisUrl).port)),
    postgres: await startTcpProxy(Number(new URL(options.databaseUrl).port)),
  }
  const env = {
    ...options.env,
    DATABASE_URL: through(options.databaseUrl, ways.postgres),
    REDIS_URL: through(options.redisUrl, ways.redis),
    NODE_OPTIONS: `--import=${shiftClock}`,
    FAULTS_CLOCK_FILE: clockFile,
  }
  const surprises: string[] = []
  let running: TestProcess | undefined
  let ending: TestProcess | undefined
  const started: TestProcess[] = []

  const noteExit = (of: TestProcess, { code, signal }: Exit) => {
    if (ending !== of) surprises.push(`${name} ended with ${code ?? signal}: ${lastLines(of.output())}`)
    if (running === of) running = undefined
  }
  const tryToStart = async (left: number): Promise<void> => {
    try {
      const made = await startProcess(app, env)
      started.push(made)
      running = made
      void made.exited.then((exit) => noteExit(made, exit))
    } catch (error) {
      surprises.push(`${name} did not start: ${error instanceof Error ? lastLines(error.message) : 'no error'}`)
      if (left > 1) return tryToStart(left - 1)
      throw error
    }
  }
  const end = async (signal: NodeJS.Signals) => {
    const process = running
    ending = process
    process?.kill(signal)
    return (await process?.exited)?.code ?? null
  }

  return {
    name,
    app,
    ways,
    surprises,
    errors: () => errorsIn(started.map((process) => process.output()).join('\n')),
    url: () => running?.url,
    start: () => tryToStart(startsAtMost),
    async kill() {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
    freeze: () => running?.kill('SIGSTOP'),
    thaw: () => running?.kill('SIGCONT'),
    async shiftClock(ms) {
      await writeFile(clockFile, String(ms))
      running?.kill('SIGUSR2')
    },
    async handles() {
      const open = await readdir(`/proc/${running?.pid}/fd`).catch(() => undefined)
      return open?.length
    },
    async close() {
      await Promise.all([ways.redis.close(), ways.postgres.close()])
    },
  }
}

const logLine = z.looseObject({ level: z.literal('error'), msg: z.string() })

function errorsIn(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.includes('"level":"error"'))
  const parsed = lines.flatMap((line) => {
    const { data } = logLine.safeParse(JSON.parse(line))
    return data ? [[data.msg, line] as const] : []
  })
  return [...new Map(parsed).values()].map((line) => line.slice(0, 2000))
}

function through(url: string, proxy: TcpProxy): string {
  const changed = new URL(url)
  changed.hostname = '127.0.0.1'
  changed.port = String(proxy.port)
  return changed.href
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-3).join(' / ').slice(0, 1000)
}
