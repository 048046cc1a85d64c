import { createRotatingSecret, type RotatingSecretOptions } from '@momentry/client/holder/rotating-secret.ts'
import { afterEach, beforeEach } from 'vitest'
import { type RotationStandIn, secretOf, startRotationStandIn } from './rotation-stand-in.ts'

/** Gives each test of a file a stand-in of its own, and makes holders that are stopped after it. */
export function useHolders() {
  let standIn: RotationStandIn | undefined
  const closers: (() => Promise<void>)[] = []
  beforeEach(async () => {
    standIn = await startRotationStandIn()
    closers.push(standIn.close)
  })
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close()
  })

  const momentry = (): RotationStandIn => {
    if (!standIn) throw new Error('there is a stand-in in tests only')
    return standIn
  }

  /** A holder that checks when it is told to, and what it tells. */
  const createHolder = (store: { secret: string }, options: Partial<RotatingSecretOptions> = {}) => {
    const rotated: number[] = []
    const errors: unknown[] = []
    const holder = createRotatingSecret({
      ...{ url: momentry().url, timeoutMs: 10_000, retry: { retries: 0 }, checkEveryMs: 1_000_000 },
      load: () => store.secret,
      save: (secret) => {
        momentry().log.push('save')
        store.secret = secret
      },
      onRotated: ({ secretVersion }) => rotated.push(secretVersion),
      onError: (error) => errors.push(error),
      ...options,
    })
    closers.push(holder.stop)
    return { ...holder, rotated, errors }
  }

  return {
    momentry,
    /** A store that several holders may share. */
    createStore: (secret = secretOf(1)) => ({ secret }),
    createHolder,
    startHolder: async (store: { secret: string }, options: Partial<RotatingSecretOptions> = {}) => {
      const holder = createHolder(store, options)
      await holder.start()
      momentry().log.length = 0
      return holder
    },
  }
}
