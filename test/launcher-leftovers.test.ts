import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endLeftovers } from '../apps/launcher/src/data-dir/end-leftovers.ts'

let dataDir: string
const started: ChildProcess[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'momentry-leftovers-'))
})

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  await rm(dataDir, { recursive: true, force: true })
})

/** A process that lives until it is told to end, with a script in its command line. */
async function startAs(script: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(child)
  if (child.stdout) await once(child.stdout, 'data')
  return child
}

const leave = (pids: Record<string, number | undefined>) =>
  writeFile(
    join(dataDir, 'runtime.json'),
    JSON.stringify({
      ...{ apiUrl: '', databaseUrl: '', redisUrl: '', pids },
      metrics: { worker: '', alerter: '' },
    }),
  )

test('ends what was left, from bundles and from sources, and nothing else that has such an id by now', async () => {
  const api = await startAs('dist/programs/api.js')
  const worker = await startAs('apps/worker/src/main.ts')
  const other = await startAs('somebody/elses.js')
  await leave({ api: api.pid, worker: worker.pid, alerter: other.pid })
  const ended = Promise.all([once(api, 'exit'), once(worker, 'exit')])
  const said: string[] = []
  await endLeftovers(dataDir, (line) => said.push(line))
  expect((await ended).map(([, signal]) => signal)).toEqual(['SIGTERM', 'SIGTERM'])
  expect(said).toEqual(['ended what an earlier run had left behind: api, worker'])
  expect(other.exitCode ?? other.signalCode).toBeNull()
  await expect(stat(join(dataDir, 'runtime.json'))).rejects.toThrow('ENOENT')
})
