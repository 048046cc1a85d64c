import { appendAudit } from '../audit/append.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { eq } from '../platform/postgres/query.ts'
import { together } from '../platform/postgres/together.ts'
import { refuseLesserActor } from './authority.ts'
import { recordChange } from './changes/record.ts'
import { lockKey } from './get.ts'
import type { RevokeKeyInput } from './schemas.ts'
import { apiKeys } from './table.ts'
import { type KeyRow, type KeyView, viewKey } from './view.ts'

/**
 * Revokes a key for good; one that is revoked already stays as it is, with its first reason.
 * @throws MomentryError `KEY_NOT_FOUND`; `SCOPE_NOT_HELD` for a system key, by an actor who holds less
 */
export function revokeKey(context: Context, id: string, input: RevokeKeyInput): Promise<KeyView> {
  return withTransaction(context, async (tx) => {
    const now = tx.now()
    const row = await lockKey(tx, id)
    if (row.revokedAt) return viewKey(row, now)
    refuseLesserActor(tx.actor.scopes, row)
    const change = { revokedAt: new Date(now), revokeReason: input.reason ?? null, updatedAt: new Date(now) }
    const revoked: KeyRow = { ...row, ...change }
    // In one journey to PostgreSQL and back, since until then other processes take the key.
    await together([
      tx.db.update(apiKeys).set(change).where(eq(apiKeys.id, row.id)),
      recordChange(tx, row.id),
      appendAudit(tx, {
        action: 'key.revoked',
        keyId: row.id,
        reason: input.reason,
        before: { revokedAt: null },
        after: { revokedAt: change.revokedAt },
      }),
    ])
    return viewKey(revoked, now)
  })
}
