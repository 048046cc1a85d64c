import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@momentry/embedded/host/free-port.ts'
import { commandLine } from '@momentry/embedded/host/process.ts'
import { findRedisProgram } from '@momentry/embedded/redis/program.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LauncherRun, readCredentials, readRuntime, runLauncher } from './support/processes/launcher.ts'
import { createTestStores, type TestStores } from './support/stores.ts'

const waiting = { interval: 50 }
const hasRedis = (await findRedisProgram()) !== undefined
let base: string
let dataDir: string
let port: number
let stores: TestStores
/** The launcher that runs on `dataDir` just now; the tests use it one after the other, since a start costs seconds. */
let run: LauncherRun
const all: LauncherRun[] = []

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'momentry-launcher-'))
  dataDir = join(base, 'data')
  port = await freePort()
  stores = await createTestStores()
  run = await startReady()
})

afterAll(async () => {
  for (const started of all) {
    started.kill('SIGTERM')
    await started.exited
  }
  await rm(base, { recursive: true, force: true })
  await stores.close()
})

/** Without a Redis program (a machine that has Docker instead), that store alone is not an embedded one. */
function start(env: Record<string, string> = {}): LauncherRun {
  const redis = hasRedis ? {} : { REDIS_URL: stores.redisUrl, MOMENTRY_REDIS_PREFIX: stores.prefix }
  const started = runLauncher({ PORT: String(port), MOMENTRY_DATA_DIR: dataDir, ...redis, ...env })
  all.push(started)
  return started
}

async function startReady(): Promise<LauncherRun> {
  const started = start()
  await started.ready()
  return started
}

async function living(pids: Record<string, number>): Promise<string[]> {
  const lines = await Promise.all(Object.entries(pids).map(async ([name, pid]) => [name, await commandLine(pid)]))
  return lines.flatMap(([name, line]) => (name && line ? [name] : []))
}

async function listKeys(): Promise<number> {
  const { apiUrl } = await readRuntime(dataDir)
  const { key } = await readCredentials(dataDir)
  const answer = await fetch(`${apiUrl}/v1/keys`, { headers: { authorization: `Bearer ${key}` } })
  return answer.status
}

const mode = async (path: string) => (await stat(path)).mode & 0o777

describe('npm start', () => {
  test('makes the first key, says where everything is, and keeps it from others', async () => {
    const { apiUrl, pids, metrics } = await readRuntime(dataDir)
    const { key } = await readCredentials(dataDir)

    expect(apiUrl).toBe(`http://127.0.0.1:${port}`)
    expect(await listKeys()).toBe(200)
    expect(await living(pids)).toEqual(expect.arrayContaining(['launcher', 'api', 'worker', 'alerter', 'postgres']))
    expect((await fetch(metrics.worker)).status).toBe(200)
    expect((await fetch(metrics.alerter)).status).toBe(200)

    // Its output is no terminal here: it is kept as a log.
    expect(run.output()).not.toContain(key)
    expect(run.output()).toContain(`the first system key is in ${join(dataDir, 'credentials.json')}`)
    expect(run.output()).toContain(`${apiUrl}/docs`)
    expect((await mode(dataDir)) & 0o007).toBe(0)
    for (const file of ['credentials.json', 'runtime.json', 'master.key', 'postgres.password'])
      expect(await mode(join(dataDir, file)), file).toBe(0o600)
  })

  test('runs what this test run has bundled', async () => {
    const { pids } = await readRuntime(dataDir)
    for (const name of ['api', 'worker', 'alerter'])
      expect(await commandLine(pids[name] ?? 0)).toContain(`dist/programs/${name}.js`)
  })

  test('starts a crashed process again and says so', async () => {
    const before = await readRuntime(dataDir)
    process.kill(before.pids['worker'] ?? 0, 'SIGKILL')
    await expect.poll(run.output, waiting).toContain('worker ended unexpectedly (SIGKILL); starting it again in 0.5 s')
    await expect.poll(async () => (await readRuntime(dataDir)).pids['worker'], waiting).not.toBe(before.pids['worker'])
    expect((await fetch(before.metrics.worker)).status).toBe(200)
  })

  test.runIf(hasRedis)('starts a crashed embedded server again, where everybody knows it', async () => {
    const before = await readRuntime(dataDir)
    process.kill(before.pids['redis'] ?? 0, 'SIGKILL')
    await expect.poll(async () => (await readRuntime(dataDir)).pids['redis'], waiting).not.toBe(before.pids['redis'])
    expect((await readRuntime(dataDir)).redisUrl).toBe(before.redisUrl)
    await expect.poll(async () => (await fetch(`${before.apiUrl}/readyz`)).status, waiting).toBe(200)
  })

  test('refuses a data directory that another launcher runs on', async () => {
    const second = start({ PORT: '0' })
    expect(await second.exited).toBe(1)
    expect(second.output()).toMatch(
      new RegExp(`^momentry: Momentry already runs on .* \\(process ${run.pid}\\);.*\\n$`),
    )
    expect(await listKeys()).toBe(200)
  })

  test('runs beside another with its own port and data directory', async () => {
    const other = join(base, 'other')
    const beside = start({ PORT: '0', MOMENTRY_DATA_DIR: other })
    await beside.ready()
    expect((await readRuntime(other)).apiUrl).not.toBe((await readRuntime(dataDir)).apiUrl)
    expect((await readCredentials(other)).key).not.toBe((await readCredentials(dataDir)).key)
    beside.kill('SIGTERM')
    expect(await beside.exited).toBe(0)
  })

  test('takes over what a launcher that was killed has left, with its data, and does not show the key again', async () => {
    const { pids } = await readRuntime(dataDir)
    run.kill('SIGKILL')
    await run.exited
    run = await startReady()
    expect(await living(pids)).toEqual([])
    expect(run.output()).toContain('ended a PostgreSQL that an earlier run had left behind')
    expect(await listKeys()).toBe(200)
    expect(run.output()).not.toContain('mty_')
  })

  test('stops everything on SIGTERM and leaves nothing behind', async () => {
    const { pids } = await readRuntime(dataDir)
    run.kill('SIGTERM')
    expect(await run.exited).toBe(0)
    expect(await living(pids)).toEqual([])
    const files = await readdir(dataDir)
    expect(files).toContain('credentials.json')
    expect(files).not.toContain('runtime.json')
    expect(files).not.toContain('launcher.pid')
  })

  test('names a port that is taken, before anything is started', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const untouched = join(base, 'untouched')
    const refused = start({ MOMENTRY_DATA_DIR: untouched })
    expect(await refused.exited).toBe(1)
    expect(refused.output()).toMatch(new RegExp(`^momentry: Port ${port} .*PORT=\\d+ npm start\\n$`))
    await expect(stat(untouched)).rejects.toThrow('ENOENT')
    await new Promise((resolve) => server.close(resolve))
  })

  test.each([
    ['CACHE_TTL_SECONDS', 'soon', 'must be a whole number'],
    ['TRUSTED_PROXIES', 'garbage', 'must be addresses or CIDR ranges, comma-separated'],
    ['HOST', '999.1.1.1', '999.1.1.1 is no address that this machine can listen on (ENOTFOUND)'],
    [
      'MOMENTRY_DATA_DIR',
      '/dev/null',
      '/dev/null is no directory that can be made and written to (EEXIST: file already exists)',
    ],
    [
      'DATABASE_URL',
      'postgres://u:hidden@127.0.0.1:1/x',
      'PostgreSQL cannot be used (connect ECONNREFUSED 127.0.0.1:1)',
    ],
    ['REDIS_URL', 'redis://:hidden@127.0.0.1:1', 'Redis cannot be used (connect ECONNREFUSED 127.0.0.1:1)'],
  ])('ends with one line that names %s where it is wrong', async (name, value, problem) => {
    const refused = start({ PORT: '0', MOMENTRY_DATA_DIR: join(base, 'refused'), [name]: value })
    expect(await refused.exited).toBe(1)
    expect(refused.output()).toBe(`momentry: ${name}: ${problem}\n`)
  })
})
