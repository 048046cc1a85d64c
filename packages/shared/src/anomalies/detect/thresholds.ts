import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { z } from 'zod'
import type { AnomalyThresholds } from '../../config.ts'
import { keyPolicySchema } from '../../keys/fields/policy.ts'
import { settingNames } from '../../settings/names.ts'
import { overrideThresholds } from '../thresholds/merge.ts'
import { parseStoredThresholds } from '../thresholds/stored.ts'

/** Gives the thresholds of some keys: their own where their policy has some, else the settings', else the environment's. */
export type ReadThresholds = (keyIds: readonly string[]) => Promise<Map<string, AnomalyThresholds>>

/** A changed policy or setting is in force after this long at the most. */
const freshMs = 5_000
const capacity = 50_000

const row = z.object({ id: z.string(), policy: keyPolicySchema.nullable(), setting: z.unknown() })

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
      text: `SELECT given.id, key.policy, setting.value AS setting FROM unnest($1::uuid[]) AS given (id)
        LEFT JOIN api_keys AS key ON key.id = given.id LEFT JOIN settings AS setting ON setting.name = $2`,
      values: [keyIds, settingNames.anomalyThresholds],
    })
    for (const { id, policy, setting } of z.array(row).parse(rows)) {
      const common = overrideThresholds(defaults, parseStoredThresholds(setting))
      known.set(id, overrideThresholds(common, policy?.anomaly))
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
