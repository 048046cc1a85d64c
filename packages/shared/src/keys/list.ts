import type { Context } from '../platform/context.ts'
import { and, desc, eq, gt, isNotNull, isNull, lt, lte, or, type SQL, sql } from '../platform/postgres/query.ts'
import type { ListKeysInput } from './schemas.ts'
import type { KeyStatus } from './status.ts'
import { apiKeys } from './table.ts'
import { type KeyView, viewKey } from './view.ts'

export interface KeyPage {
  data: KeyView[]
  pagination: {
    /** Gives the next page; null on the last one. */
    cursor: string | null
    hasMore: boolean
  }
}

/** Lists keys, the newest first: ids are UUIDs of version 7, which sort by the time of their making. */
export async function listKeys(context: Context, input: ListKeysInput): Promise<KeyPage> {
  const now = context.now()
  const rows = await context.db
    .select()
    .from(apiKeys)
    .where(
      and(
        input.cursor === undefined ? undefined : lt(apiKeys.id, input.cursor),
        input.type === undefined ? undefined : eq(apiKeys.type, input.type),
        input.owner === undefined ? undefined : eq(apiKeys.ownerId, input.owner),
        input.text === undefined ? undefined : nameHolds(input.text),
        input.status === undefined ? undefined : hasStatus(input.status, new Date(now)),
      ),
    )
    .orderBy(desc(apiKeys.id))
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  return {
    data: page.map((row) => viewKey(row, now)),
    pagination: { cursor: hasMore ? (page.at(-1)?.id ?? null) : null, hasMore },
  }
}

/** The form that the trigram index on lower(name) serves; what LIKE would read as a pattern is escaped. */
function nameHolds(text: string): SQL {
  return sql`lower(${apiKeys.name}) like '%' || lower(${text.replace(/[\\%_]/g, '\\$&')}) || '%'`
}

/** The rules of `keyStatus`, as SQL. */
function hasStatus(status: KeyStatus, now: Date): SQL | undefined {
  const lives = or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now))
  switch (status) {
    case 'revoked':
      return isNotNull(apiKeys.revokedAt)
    case 'expired':
      return and(isNull(apiKeys.revokedAt), lte(apiKeys.expiresAt, now))
    case 'disabled':
      return and(isNull(apiKeys.revokedAt), lives, eq(apiKeys.enabled, false))
    case 'active':
      return and(isNull(apiKeys.revokedAt), lives, eq(apiKeys.enabled, true))
  }
}
