import type { Pool } from 'pg'
import { MomentryError } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'

/** Which texts may be secrets that another system made. */
export interface ForeignPrefixes {
  /**
   * Tells whether a text that has not the shape of our own secrets may be one that was imported. Where nothing was, that
   * costs no query.
   * @throws MomentryError `DATABASE_UNAVAILABLE` where that was never known
   */
  fits(text: string): Promise<boolean>
  /** Keys changed: what is known may be old. */
  expire(): void
}

/** Changes are heard of; this is for those that were missed. */
const freshMs = 5_000

const query = `SELECT DISTINCT imported_prefix AS prefix FROM api_key_secrets WHERE imported_prefix IS NOT NULL`

/** @param now milliseconds, by a clock that never steps back */
export function createForeignPrefixes({ pool, now }: { pool: Pick<Pool, 'query'>; now: Clock }): ForeignPrefixes {
  let known: readonly string[] | undefined
  let loadedAt = -Infinity
  let loading: Promise<readonly string[]> | undefined

  const load = async (): Promise<readonly string[]> => {
    const began = now()
    try {
      const { rows } = await pool.query<{ prefix: string }>(query)
      known = rows.map(({ prefix }) => prefix)
      loadedAt = began
      return known
    } catch (error) {
      if (known) return known
      throw new MomentryError('DATABASE_UNAVAILABLE', 'the key cannot be looked up just now', {
        retryAfterSeconds: 1,
        cause: error,
      })
    } finally {
      loading = undefined
    }
  }

  return {
    async fits(text) {
      const isFresh = known !== undefined && now() - loadedAt < freshMs
      if (!isFresh) loading ??= load()
      const prefixes = (await loading) ?? known ?? []
      return prefixes.some((prefix) => text.startsWith(prefix))
    },
    expire() {
      loadedAt = -Infinity
    },
  }
}
