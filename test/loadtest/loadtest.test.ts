import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type BootstrapKey, createBootstrapKey } from '../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'

const script = fileURLToPath(new URL('../../scripts/loadtest.ts', import.meta.url))
const summarySchema = z.object({
  mode: z.string(),
  answers: z.number(),
  statuses: z.record(z.string(), z.number()),
  errors: z.number(),
  droppedUsageEvents: z.number().nullable(),
  interrupted: z.boolean(),
  latencyMs: z.object({ p50: z.number(), p90: z.number(), p99: z.number(), max: z.number() }),
})
const pageSchema = z.looseObject({ data: z.array(z.looseObject({ name: z.string(), status: z.string() })) })

let stores: TestStores
let api: TestProcess
let admin: BootstrapKey

beforeAll(async () => {
  stores = await createTestStores()
  admin = await createBootstrapKey(stores.databaseUrl)
  api = await startProcess('api', stores.env)
}, 60_000)

afterAll(async () => {
  await api?.stop()
  await stores?.close()
})

/** Runs it as `npm run loadtest` does, with a key of its own. */
function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], MOMENTRY_URL: api.url ?? '', MOMENTRY_API_KEY: admin.key, ...env },
  })
  let told = ''
  child.stderr.on('data', (chunk) => (told += String(chunk)))
  const ended = Promise.all([text(child.stdout), new Promise((resolve) => child.once('close', resolve))])
  return { child, told: () => told, ended: ended.then(([output, code]) => ({ output, code, told })) }
}

/** The status of each key that it made, of all runs. */
async function statuses(): Promise<string[]> {
  const answer = await fetch(`${api.url}/v1/keys?text=loadtest&limit=200`, {
    headers: { authorization: `Bearer ${admin.key}` },
  })
  return pageSchema.parse(await answer.json()).data.map(({ status }) => status)
}

const small = ['--json', '--duration', '1', '--rate', '40', '--connections', '2', '--keys', '3']

test.each([
  ['validate', ['200']],
  ['usage', ['202']],
  ['mixed', ['200', '202']],
])('%s: measures, fails in nothing, and revokes its keys', async (mode, expected) => {
  const before = (await statuses()).length
  const { output, code, told } = await start([...small, '--mode', mode]).ended
  expect(code, told).toBe(0)
  const summary = summarySchema.parse(JSON.parse(output))
  expect(summary).toMatchObject({ mode, errors: 0, droppedUsageEvents: 0, interrupted: false })
  expect(Object.keys(summary.statuses).sort()).toEqual(expected)
  expect(summary.answers).toBeGreaterThan(0)
  expect(summary.latencyMs.max).toBeGreaterThanOrEqual(summary.latencyMs.p50)
  const after = await statuses()
  expect(after).toHaveLength(before + 3)
  expect(new Set(after)).toEqual(new Set(['revoked']))
  expect(output + told).not.toContain('mty_')
})

test('interrupted, it ends early, tells what it has, and revokes its keys', async () => {
  const run = start([...small.slice(1), '--duration', '600', '--keys', '2'])
  await expect.poll(run.told).toMatch(/s: [1-9]\d* answers/)
  run.child.kill('SIGINT')
  const { output, code, told } = await run.ended
  expect(code, told).toBe(0)
  expect(output).toMatch(/^Interrupted: mixed on http:\/\/127\.0\.0\.1/)
  expect(told).toContain('2 keys are revoked')
  expect(new Set(await statuses())).toEqual(new Set(['revoked']))
})

test('answers that are no 2xx are told, and are exit code 1', async () => {
  const { key } = await createBootstrapKey(stores.databaseUrl, { name: 'no usage', scopes: ['keys:write'] })
  const { output, code } = await start([...small, '--mode', 'usage'], { MOMENTRY_API_KEY: key }).ended
  expect(code).toBe(1)
  expect(Object.keys(summarySchema.parse(JSON.parse(output)).statuses)).toEqual(['403'])
})

test.each([
  [['--url', 'http://192.0.2.1:8080'], /192\.0\.2\.1:8080 is not this machine: --allow-remote/],
  [['--rate', 'fast'], /--rate: must be a whole number/],
  [['--duration', '3600'], /--duration: /],
  [['--mode', 'flood'], /--mode: /],
  [['--fast'], /--fast/],
])('%j does not begin, and is exit code 2', async (args, problem) => {
  const { output, code, told } = await start(args).ended
  expect(code).toBe(2)
  expect(told).toMatch(problem)
  expect(told).toMatch(/^loadtest: .*\n$/)
  expect(output).toBe('')
})

test('--help tells how it is used', async () => {
  const { output, code } = await start(['--help']).ended
  expect(code).toBe(0)
  expect(output).toContain('--allow-remote')
})
