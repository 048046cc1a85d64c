import { appendAudit } from '../audit/append.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { createId } from '../platform/id.ts'
import { refuseUnheld } from './authority.ts'
import { recordChange } from './changes/record.ts'
import { decideExpiry, keyKinds, refuseSchedule } from './kinds.ts'
import { dueAt } from './schedule/due-date.ts'
import type { CreateKeyInput } from './schemas.ts'
import { makeSecret } from './secret.ts'
import { apiKeySecrets, apiKeys } from './table.ts'
import { type KeyRow, type KeyView, viewKey } from './view.ts'

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
    const now = tx.now()
    const scopes = input.scopes ?? [...keyKinds[input.type].defaultScopes]
    refuseUnheld(tx.actor.scopes, scopes)
    const made = makeSecret(input.type)
    const id = createId()
    const interval = input.policy?.rotation?.intervalSeconds
    refuseSchedule(input.type, interval)
    const row: KeyRow = {
      id,
      type: input.type,
      name: input.name,
      ownerId: input.ownerId ?? null,
      scopes,
      metadata: input.metadata ?? {},
      policy: input.policy ?? {},
      enabled: true,
      secretVersion: 1,
      expiresAt: decideExpiry(input.type, input.expiresAt, now, now),
      expiryNoticedAt: null,
      throttledUntil: null,
      nextRotationAt: interval ? new Date(dueAt(id, interval, now)) : null,
      publicKey: input.publicKey ?? null,
      revokedAt: null,
      revokeReason: null,
      lastUsedAt: null,
      createdBy: tx.actor.keyId ?? null,
      createdAt: new Date(now),
      updatedAt: new Date(now),
    }
    await tx.db.insert(apiKeys).values(row)
    await tx.db
      .insert(apiKeySecrets)
      .values({ keyId: row.id, version: 1, digest: made.digest, hint: made.hint, createdAt: row.createdAt })
    await recordChange(tx, row.id)
    const key = viewKey(row, now)
    const { id: _, createdAt, updatedAt, status, lastUsedAt, nextRotationAt, throttledUntil, ...after } = key
    await appendAudit(tx, { action: 'key.created', keyId: row.id, after })
    return { key, secret: made.secret }
  })
}
