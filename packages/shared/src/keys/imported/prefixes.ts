import type { Pool, QueryConfig } from 'pg'
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

/** With more of them, every text may be one: comparing it with all would cost more than the query that it spares. */
const maxPrefixes = 200
/** A service waits behind this, as it does behind the look-up itself (`validation/find.ts`). */
const queryTimeoutMs = 3_000

/** From one prefix to the next by the index: what it costs goes by the prefixes, and not by the keys. */
const text = `
WITH RECURSIVE prefixes AS (
  (SELECT imported_prefix AS prefix FROM api_key_secrets WHERE imported_prefix IS NOT NULL ORDER BY 1 LIMIT 1)
  UNION ALL
  SELECT (SELECT imported_prefix FROM api_key_secrets WHERE imported_prefix > prefix ORDER BY 1 LIMIT 1)
  FROM prefixes WHERE prefix IS NOT NULL
)
SELECT prefix FROM prefixes WHERE prefix IS NOT NULL LIMIT ${maxPrefixes + 1}`

/** @param now milliseconds, by a clock that never steps back */
export function createForeignPrefixes({ pool, now }: { pool: Pick<Pool, 'query'>; now: Clock }): ForeignPrefixes {
  let known: readonly string[] | undefined
  let loadedAt = -Infinity
  let changed = false
  let loading: Promise<readonly string[]> | undefined

  const load = async (): Promise<readonly string[]> => {
    const began = now()
    changed = false
    try {
      const query: QueryConfig & { query_timeout: number } = { text, query_timeout: queryTimeoutMs }
      const { rows } = await pool.query<{ prefix: string }>(query)
      known = rows.length > maxPrefixes ? [''] : rows.map(({ prefix }) => prefix)
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
      const isFresh = known !== undefined && !changed && now() - loadedAt < freshMs
      if (!isFresh) loading ??= load()
      const prefixes = (await loading) ?? known ?? []
      return prefixes.some((prefix) => text.startsWith(prefix))
    },
    expire() {
      // Of a query that is under way, nobody knows whether it saw that.
      changed = true
    },
  }
}
