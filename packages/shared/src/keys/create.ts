import { appendAudit } from '../audit/append.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { recordChange } from './changes/record.ts'
import { makeKeyRow } from './new-row.ts'
import type { CreateKeyInput } from './schemas.ts'
import { makeSecret } from './secret.ts'
import { apiKeySecrets, apiKeys } from './table.ts'
import { type KeyView, viewKey } from './view.ts'

export interface CreatedKey {
  key: KeyView
  /** The only time that anyone sees it: what is stored is its digest. */
  secret: string
}

/**
 * Makes a key with its first secret.
 * @throws MomentryError `SCOPE_NOT_HELD` where the actor would grant what it does not hold; `VALIDATION_FAILED` for an
 * expiry that the type does not allow
 */
export function createKey(context: Context, input: CreateKeyInput): Promise<CreatedKey> {
  return withTransaction(context, async (tx) => {
    const row = makeKeyRow(tx, input)
    const made = makeSecret(input.type)
    await tx.db.insert(apiKeys).values(row)
    await tx.db
      .insert(apiKeySecrets)
      .values({ keyId: row.id, version: 1, digest: made.digest, hint: made.hint, createdAt: row.createdAt })
    await recordChange(tx, row.id)
    const key = viewKey(row, tx.now())
    const { id: _, createdAt, updatedAt, status, lastUsedAt, nextRotationAt, throttledUntil, ...after } = key
    await appendAudit(tx, { action: 'key.created', keyId: row.id, after })
    return { key, secret: made.secret }
  })
}
