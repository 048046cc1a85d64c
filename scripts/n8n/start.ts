import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'

export interface RunningN8n {
  url: string
  email: string
  password: string
  stop(): Promise<void>
}

const startMs = 180_000

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}

/** Starts n8n on a fresh folder, waits until it is ready, and makes its first user. */
export async function startN8n(program: string, onLine: (line: string) => void): Promise<RunningN8n> {
  const folder = mkdtempSync(join(tmpdir(), 'momentry-n8n-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [program, 'start'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
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
    await ready(url, child)
    return { url, ...(await setUp(url)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + startMs
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`n8n ended with ${child.exitCode}`)
    // "/healthz" answers before its database is there.
    const answer = await fetch(`${url}/healthz/readiness`).catch(() => undefined)
    if (answer?.ok) return
    await wait(500)
  }
  throw new Error(`n8n was not ready after ${startMs / 1000} s`)
}

async function setUp(url: string): Promise<{ email: string; password: string }> {
  const email = 'momentry@example.com'
  const password = `Aa1${randomBytes(12).toString('hex')}`
  const answer = await fetch(`${url}/rest/owner/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, firstName: 'Momentry', lastName: 'Test' }),
  })
  if (!answer.ok) throw new Error(`n8n made no first user: it answered ${answer.status}`)
  return { email, password }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await Promise.race([ended, wait(15_000, undefined, { ref: false })])
  child.kill('SIGKILL')
}
