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

export interface GithubKeys {
  /**
   * Gives a public key of GitHub's, as PEM.
   * @returns undefined where GitHub has no such key
   * @throws MomentryError `REMOTE_UNREACHABLE` and the like where it cannot be asked and the key is not known
   */
  find(identifier: string): Promise<string | undefined>
  close(): Promise<void>
}

export type GithubKeysOptions = Pick<Parameters<typeof createRemoteHttp>[0], 'ca' | 'proxy' | 'timeoutMs'> & {
  /** Where the keys are. */
  url: string
  now: Clock
}

/** Keeps GitHub's public keys, and asks for them when they are old, or when one is sent that is not among them. */
export function createGithubKeys({ url, now, ...http }: GithubKeysOptions): GithubKeys {
  const { origin, pathname, searchParams } = new URL(url)
  const remote = createRemoteHttp({ ...http, title: 'GitHub', server: origin })
  let known = new Map<string, string>()
  let askedAt = -Infinity

  const fetchKeys = async () => {
    askedAt = now()
    const { status, body } = await remote.send({
      method: 'GET',
      path: pathname,
      query: Object.fromEntries(searchParams),
    })
    const parsed = answerSchema.safeParse(body)
    if (status !== 200 || !parsed.success)
      throw new MomentryError('REMOTE_FAILED', `GitHub's public keys cannot be read (${status})`)
    known = new Map(parsed.data.public_keys.map((each) => [each.key_identifier, each.key]))
  }

  return {
    async find(identifier) {
      const age = now() - askedAt
      if (age < freshMs && known.has(identifier)) return known.get(identifier)
      if (age < leastMs && known.size > 0) return known.get(identifier)
      try {
        await fetchKeys()
      } catch (error) {
        // An old key is better than none.
        if (!known.has(identifier)) throw error
      }
      return known.get(identifier)
    },
    close: () => remote.close(),
  }
}
