import type { TransactionContext } from '../../platform/context.ts'
import { apiKeyChanges } from '../table.ts'

/**
 * Notes in the outbox that a key changes in this transaction, and tells every process once it is committed. Where the
 * telling fails, the row stays for the sweep.
 */
export async function recordChange(context: TransactionContext, keyId: string): Promise<void> {
  const changes = await context.db
    .insert(apiKeyChanges)
    .values({ keyId })
    .returning({ id: apiKeyChanges.id, keyId: apiKeyChanges.keyId })
  context.afterCommit(() => context.publishChanges(changes))
}
