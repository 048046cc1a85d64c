import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface DemoOptions {
  /** The root of the checkout. */
  root: string
  /** The command line's program, from there. */
  script: string
  dataDir: string
  stop: AbortSignal
}

/** Runs the command line's demo beside the processes, live traffic after it, with its output shown; tells how it ended. */
export async function runDemo({ root, script, dataDir, stop }: DemoOptions): Promise<string> {
  const child = spawn(process.execPath, [script, 'demo', '--live'], {
    cwd: root,
    env: { ...process.env, MOMENTRY_DATA_DIR: dataDir },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const end = () => void child.kill('SIGTERM')
  stop.addEventListener('abort', end)
  const [code] = await once(child, 'exit')
  stop.removeEventListener('abort', end)
  return code === 0 ? 'the demo is over; Momentry keeps running' : `the demo failed (exit code ${code})`
}
