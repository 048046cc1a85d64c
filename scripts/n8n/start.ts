import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { makeUsers, type TestUsers } from './users.ts'

export interface RunningN8n extends TestUsers {
  url: string
  stop(): Promise<void>
}

export interface StartOptions {
  /** Is told what n8n writes. */
  onLine: (line: string) => void
  /** Ends the waiting, and n8n. */
  signal: AbortSignal
}

const startMs = 180_000
const endMs = 15_000

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}

/** Starts n8n on a fresh folder, waits until it is ready, and makes its users. */
export async function startN8n(program: string, { onLine, signal }: StartOptions): Promise<RunningN8n> {
  const folder = mkdtempSync(join(tmpdir(), 'momentry-n8n-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [program, 'start'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for the script, which ends the tests before n8n.
    detached: true,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      // n8n leaves a folder for uploads behind.
      TMPDIR: folder,
      // As people run it: only then does it limit sign-ins.
      NODE_ENV: 'production',
      N8N_USER_FOLDER: folder,
      N8N_LISTEN_ADDRESS: '127.0.0.1',
      N8N_PORT: String(port),
      N8N_RUNNERS_BROKER_PORT: String(await freePort()),
      N8N_DIAGNOSTICS_ENABLED: 'false',
      N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
      N8N_TEMPLATES_ENABLED: 'false',
      N8N_SECURE_COOKIE: 'false',
    },
  })
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => text.split('\n').filter(Boolean).forEach(onLine))
  const stop = async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await ready(url, child, signal)
    return { url, ...(await makeUsers(url)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function ready(url: string, child: ChildProcess, signal: AbortSignal): Promise<void> {
  const until = Date.now() + startMs
  while (Date.now() < until) {
    if (hasEnded(child)) throw new Error(`n8n ended with ${child.exitCode ?? child.signalCode}`)
    // "/healthz" answers before its database is there.
    const answer = await fetch(`${url}/healthz/readiness`, { signal }).catch(() => undefined)
    if (answer?.ok) return
    await wait(500, undefined, { signal })
  }
  throw new Error(`n8n was not ready after ${startMs / 1000} s`)
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), endMs)
  await ended
  clearTimeout(timer)
}
