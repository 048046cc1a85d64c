import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compileCache, nodeOptions, programFile } from '../../support/processes/programs.ts'
import { keepWritten } from '../../support/written/keep.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface CliResult {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunningCli {
  child: ChildProcess
  stdout(): string
  stderr(): string
  finished: Promise<CliResult>
}

/** Starts the real command line. @param env all of its environment but PATH */
export function startCli(args: readonly string[], env: Record<string, string>, input = ''): RunningCli {
  const child = spawn(process.execPath, [...nodeOptions, programFile('cli'), ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache, ...env },
  })
  // What it prints on standard output may be a secret: that is what some commands are for.
  keepWritten('cli', [child.stderr])
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  // A command that fails at once leaves what it was given unread.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const finished = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, stdout: () => stdout, stderr: () => stderr, finished }
}

export function runCli(args: readonly string[], env: Record<string, string>, input = ''): Promise<CliResult> {
  return startCli(args, env, input).finished
}
