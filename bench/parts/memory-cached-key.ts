import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type BenchKey, insertKeys } from '../harness/keys.ts'
import { programFile, type Running, startProgram } from '../harness/process.ts'
import type { Part, Round } from '../part.ts'

const tellHeap = fileURLToPath(new URL('../peers/tell-heap.ts', import.meta.url))
const atATime = 16

/** Asks a process that was started with `tell-heap` what it holds once all garbage is gone, bytes. */
async function readHeap({ pid }: Running, file: string): Promise<number> {
  await rm(file, { force: true })
  process.kill(pid, 'SIGUSR2')
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (text !== '') return Number(text)
    await pause(20)
  }
}

async function readMetric({ url }: Running, name: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name}\\S* (\\S+)$`, 'm').exec(metrics)?.[1])
}

/**
 * Validates keys, a few at a time, until all of them are cached: how fast is not what is measured. A process that lost its
 * Redis for a moment has dropped what it had. Waits until their uses are on the stream.
 */
async function cacheAll(api: Running, keys: readonly BenchKey[]): Promise<void> {
  while ((await readMetric(api, 'momentry_cache_entries')) < keys.length) await validateAll(api, keys)
  while ((await readMetric(api, 'momentry_usage_buffer_pending')) > 0) await pause(50)
}

async function validateAll(api: Running, keys: readonly BenchKey[]): Promise<void> {
  const queue = keys.values()
  const work = async () => {
    for (const { secret } of queue) while (!(await isValid(api, secret))) await pause(50)
  }
  await Promise.all(Array.from({ length: atATime }, work))
}

/** @returns false where it has to be asked again: a loaded machine may take too long for a look-up */
async function isValid({ url }: Running, key: string): Promise<boolean> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/v1/keys/validate`, { method: 'POST', headers, body: JSON.stringify({ key }) })
  const text = await answer.text()
  if (answer.status === 503) return false
  if (!text.includes('"VALID"')) throw new Error(`a key is not valid: ${text}`)
  return true
}

export const memoryCachedKey: Part = {
  name: 'memory-cached-key',
  title: 'memory that a cached key takes in an api process',
  async run(bench) {
    const installation = await (await bench.stores()).createInstallation()
    // Some first, so that what a process takes once, whatever it caches, is there before.
    const [warmUp, count] = bench.smoke ? [200, 500] : [5_000, 20_000]
    const keys = await insertKeys(installation.databaseUrl, warmUp + count)
    const folder = await mkdtemp(join(tmpdir(), 'momentry-bench-heap-'))
    const file = join(folder, 'bytes')
    const env = { ...installation.env, CACHE_MAX_CAPACITY: String(keys.length), BENCH_HEAP_FILE: file }
    const rounds: Round[] = []
    try {
      for (let round = 1; round <= bench.rounds; round += 1) {
        const nodeOptions = ['--expose-gc', '--import', tellHeap]
        const api = await startProgram(programFile('api'), { env, place: 'subject', nodeOptions })
        try {
          await cacheAll(api, keys.slice(0, warmUp))
          const before = await readHeap(api, file)
          await cacheAll(api, keys)
          const subject = ((await readHeap(api, file)) - before) / count
          rounds.push({ subject })
          bench.say(`  round ${round}: ${Math.round(subject)} bytes a key`)
        } finally {
          await api.stop()
        }
      }
      return [
        {
          ...{ name: 'memory-cached-key', work: 'memory per cached key', reference: '', unit: 'bytes' as const },
          ...{ goal: { atMost: 600 }, rounds },
          note: `heap and buffers after a collection, ${count} keys more in the cache; the room for a place in it, which is taken at the start, is not in it`,
        },
      ]
    } finally {
      await rm(folder, { recursive: true, force: true })
      await installation.close()
    }
  },
}
