import { isDeepStrictEqual } from 'node:util'
import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { eq } from '../platform/postgres/query.ts'
import { holdsScope } from '../scopes/scope.ts'
import { refuseLesserActor, refuseUnheld } from './authority.ts'
import { recordChange } from './changes/record.ts'
import { lockKey } from './get.ts'
import { decideExpiry } from './kinds.ts'
import { reschedule } from './schedule/reschedule.ts'
import type { UpdateKeyInput } from './schemas.ts'
import { apiKeys } from './table.ts'
import { type KeyRow, type KeyView, viewKey } from './view.ts'

/** Fields of a key that can be changed, with the values that they are to have. */
type Change = Partial<Pick<KeyRow, 'name' | 'scopes' | 'metadata' | 'policy' | 'expiresAt' | 'publicKey' | 'enabled'>>

/**
 * Changes a key. What already is as asked leaves no trace.
 * @throws MomentryError `KEY_NOT_FOUND`; `KEY_REVOKED`, since that is final; `SCOPE_NOT_HELD` and `VALIDATION_FAILED` as
 * for a new key
 */
export function updateKey(context: Context, id: string, input: UpdateKeyInput): Promise<KeyView> {
  return withTransaction(context, async (tx) => {
    const now = tx.now()
    const row = await lockKey(tx, id)
    if (row.revokedAt) throw new MomentryError('KEY_REVOKED', 'a revoked key cannot be changed')
    refuseLesserActor(tx.actor.scopes, row)
    const { before, after } = findChange(row, input, now)
    if (Object.keys(after).length === 0) return viewKey(row, now)
    refuseEscalation(tx.actor.scopes, row, after)
    const change = { ...after, ...(await reschedule(tx, row, after.policy)), updatedAt: new Date(now) }
    const changed: KeyRow = { ...row, ...change }
    await tx.db.update(apiKeys).set(change).where(eq(apiKeys.id, row.id))
    await recordChange(tx, row.id)
    await appendAudit(tx, { action: 'key.updated', keyId: row.id, before, after })
    return viewKey(changed, now)
  })
}

function findChange(row: KeyRow, input: UpdateKeyInput, now: number): { before: Change; after: Change } {
  const { expiresAt, ...rest } = input
  const before: Change = {}
  const after: Change = {}
  const note = <Field extends keyof Change>(field: Field, value: KeyRow[Field] | undefined) => {
    if (value === undefined || isDeepStrictEqual(value, row[field])) return
    Object.assign(before, { [field]: row[field] })
    Object.assign(after, { [field]: value })
  }
  note('name', rest.name)
  note('scopes', rest.scopes)
  note('metadata', rest.metadata)
  note('policy', rest.policy)
  note('publicKey', rest.publicKey)
  note('enabled', rest.enabled)
  if (expiresAt !== undefined) note('expiresAt', decideExpiry(row.type, expiresAt, row.createdAt.getTime(), now))
  return { before, after }
}

/**
 * New scopes must be held by the actor. So must all of the key's, where the key is brought back or given a longer life,
 * or where its successors will be encrypted to another's public key: that grants them anew.
 */
function refuseEscalation(held: readonly string[], row: KeyRow, after: Change): void {
  const scopes = after.scopes ?? row.scopes
  const longer =
    after.expiresAt !== undefined &&
    row.expiresAt !== null &&
    (after.expiresAt === null || after.expiresAt > row.expiresAt)
  const grantsAll = longer || after.enabled === true || after.publicKey !== undefined
  refuseUnheld(held, grantsAll ? scopes : scopes.filter((scope) => !holdsScope(row.scopes, scope)))
}
