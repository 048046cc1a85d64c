import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { sendSignal } from './process.ts'
import type { Command } from './reach.ts'

/** A server that runs. */
export interface Server {
  url: string
  port: number
  pid: number
  /** Settles when the server's process has ended, for whatever reason. */
  exited: Promise<void>
  /** Asks it to end, and waits until it has. Nothing that it confirmed is lost. */
  stop(): Promise<void>
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
}

export interface SpawnOptions {
  name: string
  command: Command
  logFile: string
  /** What asks the server to end in an orderly way. */
  stopSignal: NodeJS.Signals
  url: string
  port: number
  /** Resolves once the server answers. */
  answers(signal: AbortSignal): Promise<void>
}

/** How long a server may take to start; recovery after a crash is part of it. */
const startMs = 120_000
const stopMs = 30_000
const largestLogBytes = 10 * 1024 * 1024

/**
 * Starts a server in a process group of its own, so that a terminal's Ctrl-C ends it only after the processes that use
 * it, and waits until it answers.
 * @throws Error, with the end of the server's log, where it ends instead
 */
export async function spawnServer(options: SpawnOptions): Promise<Server> {
  const child = await spawnDetached(options.command, options.logFile)
  const { pid } = child
  if (pid === undefined) throw new Error(`${options.name} could not be started: ${options.command.program} not found`)
  const exited = once(child, 'exit').then(() => undefined)
  const kill = async () => {
    if (!sendSignal(-pid, 'SIGKILL')) sendSignal(pid, 'SIGKILL')
    await exited
  }
  const stop = async () => {
    sendSignal(pid, options.stopSignal)
    const timer = setTimeout(() => void kill(), stopMs)
    await exited
    clearTimeout(timer)
  }
  const waiting = new AbortController()
  const answer = options.answers(waiting.signal).then(() => true)
  answer.catch(() => {})
  const started = await Promise.race([answer, exited.then(() => false), after(startMs, waiting.signal)])
  waiting.abort()
  if (!started) {
    await kill()
    throw new Error(`${options.name} did not start: ${await logEnd(options.logFile)} (its log: ${options.logFile})`)
  }
  return { url: options.url, port: options.port, pid, exited, stop, kill }
}

async function spawnDetached(command: Command, logFile: string): Promise<ChildProcess> {
  const size = await stat(logFile).then(
    (file) => file.size,
    () => 0,
  )
  if (size > largestLogBytes) await rename(logFile, `${logFile}.1`)
  const log = await open(logFile, 'a', 0o600)
  const child = spawn(command.program, command.args, {
    ...command.account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
  })
  child.on('error', () => {})
  await log.close()
  return child
}

function after(ms: number, signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms)
    signal.addEventListener('abort', () => clearTimeout(timer))
  })
}

async function logEnd(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n')
  return lines.slice(-3).join(' / ')
}
