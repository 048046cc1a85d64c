import { createHttp } from '../http/http.ts'
import { type HttpOptions, readNumber, readSettings } from '../http/settings.ts'
import { tell } from '../tell.ts'
import { findSuccessor, type Held } from './check.ts'
import { createDecrypt } from './decrypt.ts'
import { createSecretFetch, type SecretFetch } from './fetch.ts'
import { type Course, createRepeat, isLasting } from './repeat.ts'
import { createSelf } from './self.ts'
import { loadSecret, type SecretStore } from './store.ts'

export interface RotatingSecretOptions extends HttpOptions, SecretStore {
  /** PEM of the private key (RSA or X25519) whose public key is registered with Momentry, if one is. */
  privateKey?: string
  /** Between two checks, give or take a fifth; 60,000 ms unless told otherwise. */
  checkEveryMs?: number
  /** Told after each swap. */
  onRotated?: (rotated: { secretVersion: number }) => void
  /** Told of each check that failed, and why; there is always a next one. */
  onError?: (error: unknown) => void
}

/** What became of a check: `current` means that there is no successor. */
export type CheckOutcome = 'current' | 'rotated' | 'failed'

/** A secret that renews itself. */
export interface RotatingSecret {
  /**
   * Loads the stored secret and checks it once; a check that fails does not fail the start.
   * @throws what `load` throws; TypeError where it gives none
   */
  start(): Promise<void>
  /** The secret to use now. Ask anew for each request. @throws Error before `start` */
  current(): string
  /** Checks now; one who asks while a check is under way waits for that one. Never rejects. */
  checkNow(): Promise<CheckOutcome>
  /** `fetch` with the secret in use; see `createSecretFetch`. */
  fetch: SecretFetch
  /** Ends the checks, and waits for one that is under way. The secret can still be used. */
  stop(): Promise<void>
}

/** Answers that call the secret outdated bring the next check forward, but while that changes nothing, no more often. */
const minGapMs = 5000

/** Makes a secret that claims its successors by itself (`findSuccessor` tells how). @throws TypeError for an option that cannot be */
export function createRotatingSecret(options: RotatingSecretOptions): RotatingSecret {
  const { onRotated, onError } = options
  const checkEveryMs = readNumber('checkEveryMs', options.checkEveryMs ?? 60_000, 10)
  const stopping = new AbortController()
  const self = createSelf(createHttp(options), stopping.signal)
  const deps = { self, decrypt: createDecrypt(options.privateKey), store: options }
  let secret: string | undefined
  let checking: Promise<CheckOutcome> | undefined
  let course: Course = { failures: 0 }
  let nudgedAt = -Infinity

  const current = () => {
    if (secret === undefined) throw new Error('await start() first')
    return secret
  }

  const check = async (): Promise<CheckOutcome> => {
    try {
      const held: Held | undefined = await findSuccessor(deps, current())
      course = { failures: 0 }
      if (!held) return 'current'
      secret = held.secret
      nudgedAt = -Infinity
      tell(onRotated, { secretVersion: held.secretVersion })
      return 'rotated'
    } catch (error) {
      course = { failures: course.failures + 1, isLasting: isLasting(error) }
      if (!stopping.signal.aborted) tell(onError, error)
      return 'failed'
    }
  }

  const checkNow = () => {
    checking ??= check().finally(() => {
      checking = undefined
      repeat.next(course)
    })
    return checking
  }
  const repeat = createRepeat(checkEveryMs, checkNow)

  return {
    async start() {
      secret ??= await loadSecret(options)
      await checkNow()
    },
    current,
    checkNow,
    fetch: createSecretFetch({
      fetch: readSettings(options).fetch,
      current,
      load: () => loadSecret(options),
      adopt: (other) => {
        secret = other
      },
      onDeprecated: () => {
        if (performance.now() - nudgedAt < minGapMs) return
        nudgedAt = performance.now()
        void checkNow()
      },
    }),
    async stop() {
      repeat.stop()
      stopping.abort()
      await checking
    },
  }
}
