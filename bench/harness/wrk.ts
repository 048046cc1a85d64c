import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { cpuSeconds } from './cpu-seconds.ts'
import { type Place, pinned } from './pin.ts'

const script = fileURLToPath(new URL('post.lua', import.meta.url))
const defaultConnections = 64

const answerSchema = z.object({
  requests: z.int(),
  seconds: z.number(),
  /** Microseconds. */
  p50: z.number(),
  p99: z.number(),
  failed: z.int(),
})

export interface LoadResult {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  /** How much of its core wrk used: where that is near 1, wrk was the bottleneck and not what it measured. */
  clientShare: number
}

export interface Load {
  bodies: readonly string[]
  seconds: number
  authorization?: string
  connections?: number
  /** `load`, beside what is measured, unless told otherwise. */
  place?: Place
}

/**
 * Posts bodies over 64 connections, or as many as told, for a while, by wrk on the core beside what is measured.
 * @throws Error where an answer was no 2xx, since then something else was measured
 */
export async function post(
  url: string,
  { bodies, seconds, authorization, connections = defaultConnections, place = 'load' }: Load,
): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'momentry-bench-'))
  try {
    const file = join(folder, 'bodies.ndjson')
    await writeFile(file, bodies.join('\n'))
    // A slow answer is measured like another; only none at all is a failure.
    const timeout = ['--timeout', '60s']
    const options = ['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`, ...timeout]
    const [command, args] = pinned(place, 'wrk', [
      ...options,
      ...['--latency', '--script', script, url, '--', file],
      ...(authorization === undefined ? [] : [authorization]),
    ])
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const used = watchCpu(child.pid ?? 0)
    const written = await text(child.stdout)
    const cpu = used()
    const line = written.split('\n').find((each) => each.startsWith('{'))
    if (line === undefined) throw new Error(`wrk measured nothing:\n${written}`)
    const seen = answerSchema.parse(JSON.parse(line))
    if (seen.failed > 0) throw new Error(`${seen.failed} of ${seen.requests} requests failed`)
    return {
      requestsPerSecond: seen.requests / seen.seconds,
      p50Ms: seen.p50 / 1000,
      p99Ms: seen.p99 / 1000,
      clientShare: cpu / seen.seconds,
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Reads what a process has used again and again, since it can be read no more once it has ended. @returns seconds */
function watchCpu(pid: number): () => number {
  let used = 0
  const timer = setInterval(() => {
    used = cpuSeconds(pid) ?? used
  }, 50)
  return () => {
    clearInterval(timer)
    return used
  }
}
