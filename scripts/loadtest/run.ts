import autocannon, { type Request } from 'autocannon'
import type { LoadOptions } from './options.ts'

export interface Load {
  url: string
  requests: Request[]
  options: Pick<LoadOptions, 'connections' | 'rate' | 'duration'>
  signal: AbortSignal
  /** Told every second. */
  onProgress(progress: { seconds: number; answers: number; failed: number }): void
}

export interface Measured {
  seconds: number
  answers: number
  answersPerSecond: number
  /** By an answer's status; those of no 2xx are failures. */
  statuses: Record<string, number>
  /** Requests without an answer: broken connections, and no answer within 10 s. */
  errors: number
  timeouts: number
  latencyMs: { p50: number; p90: number; p99: number; max: number }
}

/** Puts the load on until its time is over, or until it is to stop. */
export async function runLoad({ url, requests, options, signal, onProgress }: Load): Promise<Measured> {
  const { connections, rate, duration } = options
  const began = performance.now()
  const seen = { answers: 0, failed: 0 }
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(
      { url, requests, duration, overallRate: rate, connections: Math.min(connections, rate) },
      (error, done) => (error ? reject(error) : resolve(done)),
    )
    running.on('response', (_client, status) => {
      seen.answers += 1
      if (status < 200 || status > 299) seen.failed += 1
    })
    running.on('reqError', () => {
      seen.failed += 1
    })
    const timer = setInterval(
      () => onProgress({ seconds: Math.round((performance.now() - began) / 1000), ...seen }),
      1_000,
    )
    running.on('done', () => clearInterval(timer))
    const stop = () => running.stop?.()
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
  const { p50, p90, p99, max } = result.latency
  const seconds = (performance.now() - began) / 1000
  const statuses = Object.entries(result.statusCodeStats ?? {}).map(([status, { count = 0 }]) => [status, count])
  return {
    seconds,
    answers: seen.answers,
    answersPerSecond: seen.answers / seconds,
    statuses: Object.fromEntries(statuses),
    errors: result.errors,
    timeouts: result.timeouts,
    latencyMs: { p50, p90, p99, max },
  }
}
