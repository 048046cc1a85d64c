import { throttleOf } from '../../limits/limits.ts'
import type { TransactionContext } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import { recordChange } from '../changes/record.ts'
import { apiKeys } from '../table.ts'
import type { KeyRow } from '../view.ts'

/** Slows a key down for as long as its policy says, from now on. The caller has locked the row, and writes the audit row. */
export async function throttleKey(
  tx: TransactionContext,
  { id, policy }: Pick<KeyRow, 'id' | 'policy'>,
): Promise<void> {
  const throttledUntil = new Date(tx.now() + throttleOf(policy).forSeconds * 1000)
  await tx.db.update(apiKeys).set({ throttledUntil }).where(eq(apiKeys.id, id))
  await recordChange(tx, id)
}
