import { setTimeout as sleep } from 'node:timers/promises'
import { MomentryClientError } from '../errors.ts'
import type { RetryOptions } from './settings.ts'

/** Tells whether the same request may work after a while: never one that Momentry refused for what it is. */
function isPassing(error: MomentryClientError): boolean {
  if (error.kind === 'unavailable' || error.kind === 'timeout') return true
  // An address that is locked out stays so for minutes, and whoever guesses secrets must not be waited for.
  return error.status === 429 && error.code !== 'LOCKED_OUT'
}

/**
 * Gives how long to wait before the next attempt, in milliseconds; undefined where there is to be none. The wait is left to
 * chance as a whole ("full jitter"), so that many clients do not come back at once. `Retry-After` comes on top: rather
 * than ask sooner than Momentry wants, the client gives up.
 * @param tries how many attempts there were so far, from 1
 */
export function retryDelayMs(
  tries: number,
  error: MomentryClientError,
  { retries, firstDelayMs, maxDelayMs }: Required<RetryOptions>,
  chance: () => number = Math.random,
): number | undefined {
  if (tries > retries || !isPassing(error)) return undefined
  const askedMs = (error.retryAfterSeconds ?? 0) * 1000
  if (askedMs > maxDelayMs) return undefined
  return askedMs + jitteredDelayMs(tries, firstDelayMs, maxDelayMs, chance)
}

/** A wait between nothing and `firstMs`, doubled with each try, up to `maxMs`. */
export function jitteredDelayMs(
  tries: number,
  firstMs: number,
  maxMs: number,
  chance: () => number = Math.random,
): number {
  return chance() * Math.min(firstMs * 2 ** Math.min(tries - 1, 30), maxMs)
}

/** Does what is safe to repeat, again where that may help. @throws what the last attempt threw; the reason of `signal` */
export async function repeatWhilePassing<T>(
  attempt: () => Promise<T>,
  retry: Required<RetryOptions>,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (error) {
      const delayMs = error instanceof MomentryClientError ? retryDelayMs(tries, error, retry) : undefined
      if (delayMs === undefined) throw error
      await sleep(delayMs, undefined, signal ? { signal } : {}).catch(() => undefined)
      signal?.throwIfAborted()
    }
  }
}
