import { setTimeout as wait } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { MomentryError } from '../../errors.ts'
import { createDispatcher, type DispatcherOptions } from './dispatcher.ts'
import { createGuard } from './guard.ts'
import { type PreparedRequest, prepareRequest, type RemoteRequest } from './prepare.ts'
import { parseRetryAfter } from './retry-after.ts'
import { createTryOnce, type RemoteAnswer } from './try-once.ts'

export type { RemoteAnswer, RemoteRequest }

/** The way to one other system. */
export interface RemoteHttp {
  /**
   * Sends a request. What may be repeated is, with jitter, after a cut connection or a 5xx; what may not, only where it
   * certainly never arrived, or where the answer says that it was not done (429).
   * @returns every answer but 429; a 5xx once no try is left
   * @throws MomentryError `REMOTE_UNREACHABLE`, with the seconds until the next try while the circuit is open;
   *   `REMOTE_BUSY`, with those that the system asked for; `REMOTE_FAILED` for an answer that is too large, or that leads
   *   to another host; `VALIDATION_FAILED` for what cannot be sent. No error holds anything that was sent, nor a cause:
   *   its code would be taken for one of our own stores'.
   */
  send(request: RemoteRequest): Promise<RemoteAnswer>
  /** Ends what is under way, and takes nothing more. */
  close(): Promise<void>
}

export interface RemoteHttpOptions extends DispatcherOptions {
  /** What people call it: `Gitea`. */
  title: string
  /** How long the circuit stays open; ms. */
  openMs?: number | undefined
}

/** So long a request waits by itself where the system asks for a pause; longer ones are for who asked, ms. */
const longestPauseMs = 5_000
const shortestPauseSeconds = 1

/** Makes the way to one other system: bounded in time and size, with retries and a circuit breaker. */
export function createRemoteHttp(options: RemoteHttpOptions): RemoteHttp {
  const { title, server, timeoutMs, openMs = 10_000 } = options
  const dispatcher = createDispatcher(options)
  const closing = new AbortController()
  const stopped = () => new MomentryError('REMOTE_UNREACHABLE', `${title} is asked no more: Momentry stops`)
  const guard = createGuard(openMs, (retryAfterSeconds) => {
    const message = `${title} has failed again and again, and is left alone for ${retryAfterSeconds} s`
    return new MomentryError('REMOTE_UNREACHABLE', message, { retryAfterSeconds })
  })
  const tryOnce = createTryOnce({ title, dispatcher, timeoutMs, closing: closing.signal, note: guard.note })
  // By what they concern. Accounts are few; more than these would be somebody's play.
  const pausedUntil = new LRUCache<string, number>({ max: 1_000 })

  /**
   * Waits for the end of a short pause that the system asked for, once.
   * @param waited the end of the one that was waited for already: timers may be a little early
   * @returns the same of now on; 0 where there was none
   * @throws MomentryError `REMOTE_BUSY` where the pause is long, or another one after the first
   */
  const obeyPause = async (pauses: string, waited = 0): Promise<number> => {
    const until = pausedUntil.get(pauses) ?? 0
    const left = until - Date.now()
    if (left <= 0 || until === waited) return waited
    if (waited > 0 || left > longestPauseMs) throw busy(title, Math.ceil(left / 1000))
    await wait(left, undefined, { signal: closing.signal })
    return obeyPause(pauses, until)
  }

  const send = async (request: PreparedRequest): Promise<RemoteAnswer> => {
    const waited = await obeyPause(request.pauses)
    const answer = await guard.run(request.mayRepeat, () => {
      if (closing.signal.aborted) throw stopped()
      return tryOnce(request)
    })
    if (answer.status !== 429) return answer
    const told = parseRetryAfter(answer.headers.get('retry-after'), Date.now()) ?? 0
    const seconds = Math.max(told, shortestPauseSeconds)
    pausedUntil.set(request.pauses, Math.max(pausedUntil.get(request.pauses) ?? 0, Date.now() + seconds * 1000))
    if (waited > 0) throw busy(title, seconds)
    return send(request)
  }

  return {
    send(request) {
      return new Promise((resolve, reject) => {
        const stop = () => reject(stopped())
        if (closing.signal.aborted) return stop()
        // A pause between two tries cannot be ended, but nobody has to wait for its end.
        closing.signal.addEventListener('abort', stop)
        Promise.try(() => send(prepareRequest(title, server, request)))
          .then(resolve, reject)
          .finally(() => closing.signal.removeEventListener('abort', stop))
      })
    },
    async close() {
      closing.abort()
      await dispatcher.close()
    },
  }
}

function busy(title: string, retryAfterSeconds: number): MomentryError {
  return new MomentryError('REMOTE_BUSY', `${title} wants no request for ${retryAfterSeconds} s`, { retryAfterSeconds })
}
