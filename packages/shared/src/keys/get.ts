import { MomentryError } from '../errors.ts'
import type { Context, TransactionContext } from '../platform/context.ts'
import { eq } from '../platform/postgres/query.ts'
import { apiKeys } from './table.ts'
import { type KeyRow, type KeyView, viewKey } from './view.ts'

/** Reads one key. @throws MomentryError `KEY_NOT_FOUND` */
export async function getKey(context: Context, id: string): Promise<KeyView> {
  const rows = await context.db.select().from(apiKeys).where(eq(apiKeys.id, id))
  return viewKey(found(rows), context.now())
}

/** Reads one key and holds it until the transaction ends, so that changes of it come one after the other. */
export async function lockKey(context: TransactionContext, id: string): Promise<KeyRow> {
  return found(await context.db.select().from(apiKeys).where(eq(apiKeys.id, id)).for('update'))
}

function found(rows: readonly KeyRow[]): KeyRow {
  const row = rows[0]
  if (!row) throw new MomentryError('KEY_NOT_FOUND', 'there is no key with this id')
  return row
}
