import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Gives the command line of a process; empty where it does not live (a zombie has none either). */
export async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux')
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
  return run('ps', ['-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  )
}

/** Sends a signal to a process, or to a whole group where `pid` is negative; false where there is none. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

/** How long a process that is asked to end may take before it is killed. */
const endMs = 30_000

/**
 * Ends a process that is not this one's child, but only where its command line holds `mark`: a pid is used again, and
 * another process may have it by now.
 * @param signal what asks it to end; SIGKILL follows to its whole group when it does not within 30 s
 * @returns whether there was such a process
 */
export async function endProcess(pid: number, mark: string, signal: NodeJS.Signals): Promise<boolean> {
  const isOurs = async () => (await commandLine(pid)).includes(mark)
  if (!(await isOurs())) return false
  sendSignal(pid, signal)
  const deadline = Date.now() + endMs
  while (await isOurs()) {
    if (Date.now() > deadline && !sendSignal(-pid, 'SIGKILL')) sendSignal(pid, 'SIGKILL')
    await pause(20)
  }
  return true
}
