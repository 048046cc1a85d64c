import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { backOffMs, healthyMs } from '../back-off.ts'

export interface SuperviseOptions {
  name: string
  /** The module to run, from the root of the checkout. */
  script: string
  root: string
  env: NodeJS.ProcessEnv
  /** Is given each line that the process writes. */
  print(line: string): void
  /** Is told when it ended unasked. */
  warn(line: string): void
  /** Is called each time the process is ready. */
  onReady(): void
}

export interface SupervisedProcess {
  name: string
  /** Resolves when it is ready for the first time. @throws Error where it cannot be started */
  ready: Promise<void>
  pid(): number | undefined
  /** Asks it to drain and waits until it has ended; `hurry` ends it at once. */
  stop(hurry: AbortSignal): Promise<void>
}

/** So often a process may fail in a row before it was ever ready; then the whole start has failed. */
const startFailures = 3
/** How long it may take to drain before it is killed; its own limit is shorter. */
const drainMs = 20_000
const readyMessage = z.looseObject({ type: z.literal('ready') })

/** Runs a process and starts it again, after a pause that grows, whenever it ends unasked. */
export function supervise(options: SuperviseOptions): SupervisedProcess {
  const { name, warn } = options
  const stopping = new AbortController()
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => {})
  let child: ChildProcess | undefined
  let wasReady = false

  const runOnce = async (): Promise<{ how: string; healthy: boolean }> => {
    const start = performance.now()
    child = spawnChild(options, () => {
      wasReady = true
      ready.resolve()
      options.onReady()
    })
    const how = await ended(child)
    return { how, healthy: performance.now() - start > healthyMs }
  }

  const run = async () => {
    let failures = 0
    while (!stopping.signal.aborted) {
      const { how, healthy } = await runOnce()
      if (stopping.signal.aborted) return
      failures = healthy ? 1 : failures + 1
      if (!wasReady && failures >= startFailures)
        return ready.reject(new Error(`${name} could not be started (${how})`))
      const delay = backOffMs(failures)
      warn(`${name} ended unexpectedly (${how}); starting it again in ${delay / 1000} s`)
      await pause(delay, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const running = run()

  return {
    name,
    ready: ready.promise,
    pid: () => child?.pid,
    async stop(hurry) {
      stopping.abort()
      child?.kill('SIGTERM')
      const kill = () => void child?.kill('SIGKILL')
      const timer = setTimeout(kill, drainMs)
      if (hurry.aborted) kill()
      hurry.addEventListener('abort', kill)
      await running
      hurry.removeEventListener('abort', kill)
      clearTimeout(timer)
    },
  }
}

/** In a process group of its own: a terminal's Ctrl-C reaches the launcher only, which stops all in order. */
function spawnChild({ script, root, env, print }: SuperviseOptions, onReady: () => void): ChildProcess {
  const child = spawn(process.execPath, [script], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', print)
  child.on('message', (message) => {
    if (readyMessage.safeParse(message).success) onReady()
  })
  return child
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
}
