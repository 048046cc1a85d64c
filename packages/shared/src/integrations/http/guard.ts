import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel'
import type { NetworkFailure } from './tell-failure.ts'

/** Tries after the first one. */
const retries = 2
/** Failures in a row after which the system is left alone for a while. */
const failuresToOpen = 5
/** ms; jitter is decorrelated. */
const backOff = { initialDelay: 100, maxDelay: 1_000 }

interface Answer {
  status: number
  /** undefined where it is no JSON. */
  body: unknown
}

/** Decides what is tried again, and when a system is left alone. */
export interface Guard {
  /** Remembers why an error was thrown. */
  note<E extends Error>(error: E, failure: NetworkFailure): E
  /**
   * @param mayRepeat sending it twice does no harm
   * @throws what `send` throws, and what `refuse` makes while the circuit is open
   */
  run<A extends Answer>(mayRepeat: boolean, send: () => Promise<A>): Promise<A>
}

/**
 * @param openMs how long the circuit stays open
 * @param refuse makes the error for a request that is not sent since the circuit is open, for so many seconds yet
 */
export function createGuard(openMs: number, refuse: (seconds: number) => Error): Guard {
  const failures = new WeakMap<object, NetworkFailure>()
  const failureOf = (error: unknown) => (error instanceof Error ? failures.get(error) : undefined)
  const isTransient = (error: unknown) => failureOf(error)?.transient === true
  const isUnsent = (error: unknown) => isTransient(error) && failureOf(error)?.unsent === true

  const breaker = circuitBreaker(
    handleWhen((error) => failureOf(error) !== undefined).orWhenResult((result) => holds(result, 'isOutage')),
    { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failuresToOpen) },
  )
  let openUntil = 0
  breaker.onBreak(() => {
    openUntil = Date.now() + openMs
  })
  const options = { maxAttempts: retries, backoff: new ExponentialBackoff(backOff) }
  const again = retry(
    handleWhen(isTransient).orWhenResult((result) => holds(result, 'isFailure')),
    options,
  )
  const onceSent = retry(handleWhen(isUnsent), options)
  const repeating = wrap(again, breaker)
  const careful = wrap(onceSent, breaker)

  return {
    note(error, failure) {
      failures.set(error, failure)
      return error
    },
    async run(mayRepeat, send) {
      try {
        const { answer } = await (mayRepeat ? repeating : careful).execute(async () => {
          const answer = await send()
          const isFailure = answer.status >= 500
          // A system may say by a 500 that it does not like what it was sent (n8n does, of a name that is taken): where it
          // explains itself, that is no sign of an outage.
          return { answer, isFailure, isOutage: isFailure && (mayRepeat || answer.body === undefined) }
        })
        return answer
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error
        throw refuse(Math.max(1, Math.ceil((openUntil - Date.now()) / 1000)))
      }
    },
  }
}

function holds(result: unknown, flag: 'isFailure' | 'isOutage'): boolean {
  return typeof result === 'object' && result !== null && flag in result && Reflect.get(result, flag) === true
}
