import type { Context } from '../platform/context.ts'
import { idSchema } from '../platform/id.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { and, eq, gt, isNotNull, isNull, lte, or, type SQL } from '../platform/postgres/query.ts'
import { namesThatHold } from './find-names.ts'
import { decideOrder } from './list-order.ts'
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

/**
 * Lists keys, the newest first unless told otherwise: ids are UUIDs of version 7, which sort by the time of their making.
 * @throws MomentryError `VALIDATION_FAILED` where the cursor is of another order
 */
export async function listKeys(context: Context, input: ListKeysInput): Promise<KeyPage> {
  const now = context.now()
  const order = decideOrder(input)
  const text = input.text === undefined ? undefined : await fits(context.db, input.text)
  const rows = await context.db
    .select({ row: apiKeys, value: order.value })
    .from(apiKeys)
    .where(
      and(
        order.after,
        input.type === undefined ? undefined : eq(apiKeys.type, input.type),
        input.owner === undefined ? undefined : eq(apiKeys.ownerId, input.owner),
        text,
        input.status === undefined ? undefined : hasStatus(input.status, new Date(now)),
      ),
    )
    .orderBy(...order.orderBy)
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  const last = hasMore ? page.at(-1) : undefined
  return {
    data: page.map(({ row }) => viewKey(row, now)),
    pagination: { cursor: last ? order.cursorOf({ id: last.row.id, value: last.value }) : null, hasMore },
  }
}

/** An id, or a part of the name. */
async function fits(db: Queryable, text: string): Promise<SQL | undefined> {
  const id = idSchema.safeParse(text.trim()).data
  const named = await namesThatHold(db, text)
  return id === undefined ? named : or(eq(apiKeys.id, id), named)
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
