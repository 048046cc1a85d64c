import type { TransactionContext } from '../platform/context.ts'
import { createId } from '../platform/id.ts'
import { refuseUnheld } from './authority.ts'
import { decideExpiry, keyKinds, refuseSchedule } from './kinds.ts'
import { dueAt } from './schedule/due-date.ts'
import type { CreateKeyInput } from './schemas.ts'
import type { KeyRow } from './view.ts'

/**
 * Makes the row of a new key.
 * @param createdAt ms
 * @throws MomentryError `SCOPE_NOT_HELD` where the actor would grant what it does not hold; `VALIDATION_FAILED` for an
 *   expiry or a schedule that the type does not allow
 */
export function makeKeyRow(
  { actor, now: clock }: TransactionContext,
  input: CreateKeyInput,
  createdAt?: number,
): KeyRow {
  const now = clock()
  const made = new Date(createdAt ?? now)
  const scopes = input.scopes ?? [...keyKinds[input.type].defaultScopes]
  refuseUnheld(actor.scopes, scopes)
  const id = createId()
  const interval = input.policy?.rotation?.intervalSeconds
  refuseSchedule(input.type, interval)
  return {
    id,
    type: input.type,
    name: input.name,
    ownerId: input.ownerId ?? null,
    scopes,
    metadata: input.metadata ?? {},
    policy: input.policy ?? {},
    enabled: true,
    secretVersion: 1,
    expiresAt: decideExpiry(input.type, input.expiresAt, made.getTime(), now),
    expiryNoticedAt: null,
    throttledUntil: null,
    nextRotationAt: interval ? new Date(dueAt(id, interval, now)) : null,
    publicKey: input.publicKey ?? null,
    revokedAt: null,
    revokeReason: null,
    lastUsedAt: null,
    createdBy: actor.keyId ?? null,
    createdAt: made,
    updatedAt: new Date(now),
  }
}
