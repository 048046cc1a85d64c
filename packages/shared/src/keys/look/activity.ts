import type pg from 'pg'
import { z } from 'zod'
import { overrideThresholds } from '../../anomalies/thresholds/merge.ts'
import { readThresholdSettings } from '../../anomalies/thresholds/read.ts'
import type { AnomalyThresholds } from '../../config.ts'
import type { Context } from '../../platform/context.ts'
import type { RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'
import { getKey } from '../get.ts'
import { activityDays, type KeyActivity, maxAddresses } from './activity-schema.ts'
import { readHabit } from './habit.ts'

export interface ActivityDeps {
  pool: pg.Pool
  redis: RedisClient
  names: Names
  partitions: number
  /** What the environment says. */
  defaults: AnomalyThresholds
}

const hourMs = 3_600_000

/** Tells what a key does lately and when it usually does it. @throws MomentryError `KEY_NOT_FOUND` */
export async function readActivity(context: Context, deps: ActivityDeps, keyId: string): Promise<KeyActivity> {
  const now = context.now()
  const key = await getKey(context, keyId)
  const from = now - activityDays * 24 * hourMs
  const lived = (now - Math.max(from, Date.parse(key.createdAt))) / hourMs
  const [requests, addresses, settings] = await Promise.all([
    readRequests(deps.pool, keyId, from, now),
    readAddresses(deps.pool, keyId, from),
    readThresholdSettings(context, deps.defaults),
  ])
  const thresholds = overrideThresholds(settings.anomaly.thresholds, key.policy.anomaly)
  return {
    lastUsedAt: key.lastUsedAt,
    requestsLastHour: requests.lastHour,
    // Usage may have been imported from before the key was made: then its own days count.
    requestsPerHour:
      requests.all / Math.max(1, requests.first === null ? lived : (now - requests.first) / hourMs, lived),
    ...addresses,
    ...(await readHabit({ ...deps, thresholds, now }, keyId)),
  }
}

const requestsRow = z.object({ all: z.coerce.number(), lastHour: z.coerce.number(), first: z.date().nullable() })

async function readRequests(pool: pg.Pool, keyId: string, from: number, now: number) {
  const { rows } = await pool.query({
    name: 'activity-requests',
    text: `SELECT coalesce(sum(requests), 0) AS all,
        coalesce(sum(requests) FILTER (WHERE minute > to_timestamp($3 / 1000.0)), 0) AS "lastHour", min(minute) AS first
      FROM api_key_usage WHERE key_id = $1 AND minute >= to_timestamp($2 / 1000.0)`,
    values: [keyId, from, now - hourMs],
  })
  const { first, ...sums } = requestsRow.parse(rows[0])
  return { ...sums, first: first?.getTime() ?? null }
}

const addressRow = z.object({
  address: z.string(),
  requests: z.coerce.number(),
  errors: z.coerce.number(),
  firstSeenAt: z.date(),
  lastSeenAt: z.date(),
  different: z.coerce.number(),
})

async function readAddresses(pool: pg.Pool, keyId: string, from: number) {
  const { rows } = await pool.query({
    name: 'activity-addresses',
    text: `SELECT host(address) AS address, sum(requests) AS requests, sum(errors) AS errors,
        min(first_seen_at) AS "firstSeenAt", max(last_seen_at) AS "lastSeenAt", count(*) OVER () AS different
      FROM api_key_usage_addresses WHERE key_id = $1 AND hour >= to_timestamp($2 / 1000.0)
      GROUP BY address ORDER BY max(last_seen_at) DESC, address LIMIT $3`,
    values: [keyId, from, maxAddresses],
  })
  const addresses = z.array(addressRow).parse(rows)
  return {
    addressCount: addresses[0]?.different ?? 0,
    addresses: addresses.map(({ different: _, firstSeenAt, lastSeenAt, ...address }) => ({
      ...address,
      firstSeenAt: firstSeenAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    })),
  }
}
