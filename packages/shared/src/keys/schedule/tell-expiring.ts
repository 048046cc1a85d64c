import type { Alert } from '../../alerts/alert.ts'
import type { SendAlert } from '../../alerts/send.ts'
import type { Context } from '../../platform/context.ts'
import { deriveId } from '../../platform/id.ts'
import { and, asc, eq, gt, isNull, lte, or, type SQL, sql } from '../../platform/postgres/query.ts'
import { apiKeys } from '../table.ts'
import type { KeyRow } from '../view.ts'

/** Keys of one sweep at the most; the next one takes the rest. */
const perSweep = 500

/**
 * Tells of keys that will expire soon, once at each of some times before it: told first, noted then, so that a death in
 * between tells twice and never not at all. A time before which a key was not even made is passed over, and so is one
 * that was missed, where a later one has come as well.
 * @param deps.noticeSeconds how long before the expiry people are told
 * @returns how many were told of
 */
export async function tellExpiring(
  { db, now }: Context,
  { sendAlert, noticeSeconds }: { sendAlert: SendAlert; noticeSeconds: readonly number[] },
): Promise<number> {
  const at = now()
  const due = await db
    .select()
    .from(apiKeys)
    .where(
      and(
        isNull(apiKeys.revokedAt),
        gt(apiKeys.expiresAt, new Date(at)),
        or(...noticeSeconds.map((seconds) => isDue(seconds, at))),
      ),
    )
    .orderBy(asc(apiKeys.expiresAt))
    .limit(perSweep)
  for (const key of due) {
    await sendAlert(expiryAlert(key, noticeSeconds, at))
    await db
      .update(apiKeys)
      .set({ expiryNoticedAt: new Date(at) })
      .where(eq(apiKeys.id, key.id))
  }
  return due.length
}

/** The notice's time has come, nobody was told since then, and the key was there before it. */
function isDue(seconds: number, at: number): SQL | undefined {
  const time = sql`${apiKeys.expiresAt} - make_interval(secs => ${seconds})`
  return and(
    lte(apiKeys.expiresAt, new Date(at + seconds * 1000)),
    or(isNull(apiKeys.expiryNoticedAt), sql`${apiKeys.expiryNoticedAt} < ${time}`),
    sql`${apiKeys.createdAt} < ${time}`,
  )
}

function expiryAlert({ id, name, type, expiresAt }: KeyRow, noticeSeconds: readonly number[], at: number): Alert {
  const end = expiresAt?.toISOString() ?? ''
  const left = (Date.parse(end) - at) / 1000
  const notice = Math.min(...noticeSeconds.filter((seconds) => left <= seconds))
  return {
    type: 'key.expiring',
    timestamp: new Date(at).toISOString(),
    data: {
      // Each notice is news of its own, and the same news where it is told twice.
      id: deriveId(`${id}:expiring:${end}:${notice}`),
      keyId: id,
      keyName: name,
      keyType: type,
      severity: 'medium',
      explanation: `the key expires at ${end}`,
      expiresAt: end,
    },
  }
}
