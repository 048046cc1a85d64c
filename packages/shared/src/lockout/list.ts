import { z } from 'zod'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'

export const lockoutViewSchema = z
  .object({
    address: z.string().meta({ description: 'As it is counted: IPv6 by its /64' }),
    failures: z.int().nullable().meta({ description: 'Failed attempts within the window; null where nobody knows' }),
    endsAt: z.iso.datetime().meta({ description: 'When it is free again' }),
  })
  .meta({ id: 'Lockout' })
export type LockoutView = z.infer<typeof lockoutViewSchema>

export const listLockoutsSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional()
    .meta({ description: '`pagination.cursor` of the page before' }),
})

export interface LockoutPage {
  data: LockoutView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists the addresses that are locked, over all processes, those that are free last first. @param now ms */
export async function listLockouts(
  { redis, names, now }: { redis: RedisClient; names: Names; now: number },
  { limit, cursor }: z.output<typeof listLockoutsSchema>,
): Promise<LockoutPage> {
  const offset = Number(cursor ?? 0)
  const found = await redis.zrevrangebyscore(
    names.lockedAddresses,
    '+inf',
    now,
    'WITHSCORES',
    'LIMIT',
    offset,
    limit + 1,
  )
  const entries = Array.from({ length: found.length / 2 }, (_, at) => ({
    address: found[2 * at] ?? '',
    endsAt: new Date(Number(found[2 * at + 1])).toISOString(),
  }))
  const page = entries.slice(0, limit)
  const counts = await Promise.all(page.map(({ address }) => redis.get(`${names.lockoutPrefix}:${address}`)))
  const hasMore = entries.length > limit
  return {
    data: page.map(({ address, endsAt }, at) => ({ address, failures: toNumber(counts[at]), endsAt })),
    pagination: { cursor: hasMore ? String(offset + limit) : null, hasMore },
  }
}

function toNumber(text: string | null | undefined): number | null {
  return text == null ? null : Number(text)
}
