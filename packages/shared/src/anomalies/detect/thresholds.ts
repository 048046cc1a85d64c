import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { z } from 'zod'
import type { AnomalyThresholds } from '../../config.ts'
import { anomalyPolicySchema } from '../../keys/fields/policy.ts'
import { settingNames } from '../../settings/names.ts'
import { overrideThresholds } from '../thresholds/merge.ts'
import { parseStoredThresholds } from '../thresholds/stored.ts'

/** Gives the thresholds of some keys: their own where their policy has some, else the settings', else the environment's. */
export type ReadThresholds = (keyIds: readonly string[]) => Promise<Map<string, AnomalyThresholds>>

/** A changed policy or setting is in force after this long at the most. */
const freshMs = 5_000
const capacity = 200_000

/** What is set for all keys, where its `id` is null, or by a key's policy. */
const given = z.object({ id: z.string().nullable(), thresholds: z.unknown() })

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
    // Few keys have thresholds of their own: no row is sent, and read, for all the others.
    const { rows } = await pool.query({
      name: 'thresholds',
      text: `SELECT NULL::uuid AS id, value AS thresholds FROM settings WHERE name = $2
        UNION ALL SELECT id, policy->'anomaly' FROM api_keys WHERE id = ANY($1::uuid[]) AND policy ? 'anomaly'`,
      // As Postgres reads an array: the driver would look into each id for what has to be quoted.
      values: [`{${keyIds.join(',')}}`, settingNames.anomalyThresholds],
    })
    const found = new Map(
      given
        .array()
        .parse(rows)
        .map(({ id, thresholds }) => [id, thresholds]),
    )
    const common = overrideThresholds(defaults, parseStoredThresholds(found.get(null)))
    for (const id of keyIds) {
      const own = found.has(id) ? anomalyPolicySchema.parse(found.get(id)) : undefined
      known.set(id, own ? overrideThresholds(common, own) : common)
    }
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
