import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs a command of the Docker client. */
export async function docker(...args: string[]): Promise<void> {
  await run('docker', args, { timeout: 60_000 })
}

/** Tells whether a Docker engine answers here. */
export function dockerAnswers(): Promise<boolean> {
  return docker('info').then(
    () => true,
    () => false,
  )
}
