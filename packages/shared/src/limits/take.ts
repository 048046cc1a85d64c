import { z } from 'zod'
import type { RedisClient } from '../platform/redis/client.ts'
import { loadScript } from '../platform/redis/script.ts'
import type { Period } from './period.ts'

const script = loadScript(new URL('./take.lua', import.meta.url))

/** How long a request that carries an id is known again. */
const markerSeconds = 86_400

export interface WindowDemand {
  key: string
  limit: number
  windowMs: number
  /** The portion that is asked for; 0: none. */
  want: number
  /** How many were let through while Redis was away. */
  owed: number
  /** The request itself needs one of the portion. */
  needed: boolean
}

export interface QuotaDemand {
  key: string
  limit: number
  period: Period
  owed: number
  /** false: only what is owed is charged. */
  spend: boolean
  /** Where the request has an id. */
  marker: string | undefined
}

export interface WindowGrant {
  granted: number
  /** What nobody was granted yet. */
  left: number
  /** By the clock of Redis; tells one window from the next. */
  endsAt: number
  endsInMs: number
}

export interface QuotaGrant {
  /** `repeated`: this request was counted before. `untried`: a window had nothing left for the request. */
  verdict: 'spent' | 'used up' | 'repeated' | 'untried'
  used: number
  endsAt: number
}

const verdicts = ['used up', 'spent', 'repeated', 'untried'] as const

/** Asks Redis for portions of a key's windows, and to spend of its quota, in one step (take.lua). */
export async function takeFromRedis(
  redis: RedisClient,
  windows: readonly WindowDemand[],
  quota: QuotaDemand | undefined,
): Promise<{ windows: WindowGrant[]; quota: QuotaGrant | undefined }> {
  const keys = [
    ...windows.map(({ key }) => key),
    ...(quota ? [quota.key] : []),
    ...(quota?.marker ? [quota.marker] : []),
  ]
  const demands = windows.flatMap(({ limit, windowMs, want, owed, needed }) => [limit, windowMs, want, owed, +needed])
  const spending = quota && [quota.limit, quota.period.start, quota.period.end, quota.owed, +quota.spend, markerSeconds]
  const reply = z.array(z.int()).parse(await script(redis, keys, [windows.length, ...demands, ...(spending ?? [])]))
  const grants = windows.map((_, index) => readGrant(reply.slice(index * 4)))
  const [verdict = 0, used = 0, endsAt = 0] = reply.slice(windows.length * 4)
  return {
    windows: grants,
    quota: quota && { verdict: verdicts[verdict] ?? 'used up', used, endsAt },
  }
}

function readGrant([granted = 0, left = 0, endsAt = 0, endsInMs = 0]: readonly number[]): WindowGrant {
  return { granted, left, endsAt, endsInMs }
}
