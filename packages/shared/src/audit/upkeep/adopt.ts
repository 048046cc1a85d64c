import type { TransactionContext } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import { signHead } from '../head.ts'
import { apiKeyAuditHeads } from '../table.ts'

/**
 * Signs the heads that were made when the log was parted into days (migration 0004), which knows no master key. Only where
 * none is signed yet: later, a head without a signature is somebody else's work. The heads say for ever that they were
 * signed as they were found, and when, so that nobody can pass off a log of their own as one from before.
 * @returns whether it did
 */
export async function adoptOldHeads({ db, signer, now }: TransactionContext): Promise<boolean> {
  const heads = await db.select().from(apiKeyAuditHeads)
  if (heads.some(({ signature }) => signature !== null)) return false
  const adoptedAt = new Date(now())
  for (const head of heads)
    await db
      .update(apiKeyAuditHeads)
      .set({ adoptedAt, ...signHead(signer, { ...head, adoptedAt }) })
      .where(eq(apiKeyAuditHeads.day, head.day))
  return true
}
