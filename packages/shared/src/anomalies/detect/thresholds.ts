import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { z } from 'zod'
import type { AnomalyThresholds } from '../../config.ts'
import { keyPolicySchema } from '../../keys/fields/policy.ts'

/** Gives the thresholds of some keys: their own where their policy has some, the environment's otherwise. */
export type ReadThresholds = (keyIds: readonly string[]) => Promise<Map<string, AnomalyThresholds>>

/** A changed policy is in force after this long at the most. */
const freshMs = 5_000
const capacity = 50_000

const row = z.object({ id: z.string(), policy: keyPolicySchema })

/** @param deps.defaults what the environment says */
export function createThresholdReader(deps: { pool: pg.Pool; defaults: AnomalyThresholds }): ReadThresholds {
  const { pool, defaults } = deps
  const known = new LRUCache<string, AnomalyThresholds>({
    max: capacity,
    ttl: freshMs,
    allowStale: true,
    noDeleteOnStaleGet: true,
  })

  const load = async (keyIds: readonly string[]) => {
    const { rows } = await pool.query({
      name: 'thresholds',
      text: 'SELECT id, policy FROM api_keys WHERE id = ANY($1::uuid[])',
      values: [keyIds],
    })
    const policies = new Map(
      z
        .array(row)
        .parse(rows)
        .map(({ id, policy }) => [id, policy]),
    )
    for (const id of keyIds) known.set(id, override(defaults, policies.get(id)?.anomaly))
  }

  return async (keyIds) => {
    const stale = keyIds.filter((id) => !known.has(id))
    if (stale.length > 0) {
      await load(stale).catch((error: unknown) => {
        // While Postgres is away a policy that was read before serves on; a key that is not known has to wait.
        if (stale.some((id) => known.get(id) === undefined)) throw error
      })
    }
    return new Map(keyIds.map((id) => [id, known.get(id) ?? defaults]))
  }
}

function override(defaults: AnomalyThresholds, own: z.infer<typeof keyPolicySchema>['anomaly']): AnomalyThresholds {
  const set = Object.entries(own ?? {}).filter(([, value]) => value !== undefined)
  return { ...defaults, ...Object.fromEntries(set) }
}
