import { z } from 'zod'
import { MomentryError } from '../../errors.ts'
import { createRemoteHttp } from '../../integrations/http/remote-http.ts'
import type { Clock } from '../../platform/clock.ts'

const answerSchema = z.object({
  public_keys: z.array(z.object({ key_identifier: z.string().max(200), key: z.string().max(5000) })).max(100),
})

/** GitHub changes its keys now and then; an unknown one is asked for at once, but not again and again. */
const freshMs = 3_600_000
const leastMs = 60_000
/** After a failure: GitHub sends its report again, and should not wait long then. */
const pauseMs = 5_000

export interface GithubKeys {
  /**
   * Gives a public key of GitHub's, as PEM.
   * @returns undefined where GitHub has no such key
   * @throws MomentryError `REMOTE_UNREACHABLE` where the key is not known and GitHub cannot be asked
   */
  find(identifier: string): Promise<string | undefined>
  close(): Promise<void>
}

export type GithubKeysOptions = Pick<Parameters<typeof createRemoteHttp>[0], 'ca' | 'proxy' | 'timeoutMs'> & {
  /** Where the keys are. */
  url: string
  /** Milliseconds, by a clock that never steps back. */
  now: Clock
}

/** Keeps GitHub's public keys, and asks for them when they are old, or when one is sent that is not among them. */
export function createGithubKeys({ url, now, ...http }: GithubKeysOptions): GithubKeys {
  const { origin, pathname, searchParams } = new URL(url)
  const remote = createRemoteHttp({ ...http, title: 'GitHub', server: origin })
  let known: ReadonlyMap<string, string> = new Map()
  let freshUntil = -Infinity
  let mayAskAt = -Infinity
  let failure: MomentryError | undefined
  let asking: Promise<void> | undefined

  const fetchKeys = async (): Promise<ReadonlyMap<string, string>> => {
    const query = Object.fromEntries(searchParams)
    const { status, body } = await remote.send({ method: 'GET', path: pathname, query })
    const parsed = answerSchema.safeParse(body)
    if (status !== 200 || !parsed.success)
      throw new MomentryError('REMOTE_FAILED', `GitHub answers with no public keys (${status})`)
    return new Map(parsed.data.public_keys.map((each) => [each.key_identifier, each.key]))
  }

  const ask = async (): Promise<void> => {
    try {
      known = await fetchKeys()
      freshUntil = now() + freshMs
      mayAskAt = now() + leastMs
      failure = undefined
    } catch (error) {
      if (!(error instanceof MomentryError)) throw error
      mayAskAt = now() + pauseMs
      failure = new MomentryError('REMOTE_UNREACHABLE', error.message, { retryAfterSeconds: pauseMs / 1000 })
    }
  }

  return {
    async find(identifier) {
      const isKnown = known.has(identifier) && now() < freshUntil
      if (!isKnown && now() >= mayAskAt)
        asking ??= ask().finally(() => {
          asking = undefined
        })
      if (!isKnown) await asking
      // While GitHub is away, an old key is better than none.
      const key = known.get(identifier)
      if (key === undefined && failure) throw failure
      return key
    },
    close: () => remote.close(),
  }
}
