import { asc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../platform/postgres/client.ts'
import type { Signer } from '../platform/sign.ts'
import { auditLockId } from './append.ts'
import { isSigned, signHead } from './head.ts'
import { apiKeyAuditHeads } from './table.ts'

/**
 * Signs all heads anew by the first master key, so that those that follow it need not be kept. A head that none of them
 * signed stays as it is.
 * @returns how many were signed, and how many none of ours had signed
 */
export function signHeadsAnew(db: Queryable, signer: Signer): Promise<{ signed: number; foreign: number }> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${auditLockId})`)
    const heads = await tx.select().from(apiKeyAuditHeads).orderBy(asc(apiKeyAuditHeads.day))
    const ours = heads.filter((head) => isSigned(head, signer.verify))
    const old = ours.filter((head) => head.signatureKeyId !== signer.publicKey.keyId)
    for (const head of old)
      await tx.update(apiKeyAuditHeads).set(signHead(signer, head)).where(eq(apiKeyAuditHeads.day, head.day))
    return { signed: old.length, foreign: heads.length - ours.length }
  })
}
