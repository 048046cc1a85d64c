import { type Context, withTransaction } from '../../platform/context.ts'
import { asc, eq, sql } from '../../platform/postgres/query.ts'
import { appendAudit, auditLockId } from '../append.ts'
import { isSigned, signHead } from '../head.ts'
import { apiKeyAuditHeads } from '../table.ts'

/**
 * Signs all heads anew by the first master key, so that those that follow it need not be kept. A head that none of them
 * signed stays as it is.
 * @returns how many were signed, and how many none of ours had signed
 */
export function signHeadsAnew(context: Context): Promise<{ signed: number; foreign: number }> {
  return withTransaction(context, async (tx) => {
    const { db, signer } = tx
    await db.execute(sql`select pg_advisory_xact_lock(${auditLockId})`)
    const heads = await db.select().from(apiKeyAuditHeads).orderBy(asc(apiKeyAuditHeads.day))
    const ours = heads.filter((head) => isSigned(head, signer.verify))
    const { keyId } = signer.publicKey
    const old = ours.filter((head) => head.signatureKeyId !== keyId)
    for (const head of old)
      await db.update(apiKeyAuditHeads).set(signHead(signer, head)).where(eq(apiKeyAuditHeads.day, head.day))
    const outcome = { signed: old.length, foreign: heads.length - ours.length }
    if (old.length > 0) await appendAudit(tx, { action: 'audit.signed-anew', after: { keyId, ...outcome } })
    return outcome
  })
}
