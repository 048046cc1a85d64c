import { z } from 'zod'
import type { Context } from '../platform/context.ts'
import { and, desc, eq, gt } from '../platform/postgres/query.ts'
import { maxSessionsOfKey, over } from './life.ts'
import { consoleSessions } from './table.ts'

export const sessionViewSchema = z
  .object({
    id: z.uuid(),
    address: z.string().nullable().meta({ description: 'Where it was opened from' }),
    userAgent: z.string().nullable().meta({ description: 'What the browser called itself' }),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().meta({ description: 'To the minute' }),
    expiresAt: z.iso.datetime().meta({ description: 'When it ends, if it is used until then' }),
    current: z.boolean().meta({ description: 'Whether it is the one that asks' }),
  })
  .meta({ id: 'Session' })
export type SessionView = z.infer<typeof sessionViewSchema>

/** Lists the sessions of a key that may still be used, the newest first: no key has more than a page of them. */
export async function listSessions(
  { db, now }: Context,
  { keyId, currentId }: { keyId: string; currentId: string | undefined },
): Promise<SessionView[]> {
  const ended = over(now())
  const rows = await db
    .select()
    .from(consoleSessions)
    .where(
      and(
        eq(consoleSessions.keyId, keyId),
        gt(consoleSessions.expiresAt, ended.expiresAt),
        gt(consoleSessions.lastSeenAt, ended.lastSeenAt),
      ),
    )
    .orderBy(desc(consoleSessions.id))
    .limit(maxSessionsOfKey)
  return rows.map((row) => ({
    id: row.id,
    address: row.address,
    userAgent: row.userAgent,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    current: row.id === currentId,
  }))
}
