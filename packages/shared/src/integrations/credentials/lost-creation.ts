import { and, eq } from 'drizzle-orm'
import { MomentryError } from '../../errors.ts'
import type { Context } from '../../platform/context.ts'
import type { CredentialRow } from '../credential-table.ts'
import type { Account, Integration, RemoteCredential } from '../integration.ts'

/** So long a request for a credential may be under way, at the process that sent it and beyond. */
const underWayMs = 60_000

/** Tells whether a failed request may all the same have been carried out. */
export function isUnknownOutcome(error: unknown): boolean {
  const knownOutcomes = ['REMOTE_CREDENTIALS_REFUSED', 'REMOTE_REFUSED', 'REMOTE_BUSY', 'CONFLICT', 'VALIDATION_FAILED']
  return !(error instanceof MomentryError) || !knownOutcomes.includes(error.code)
}

/** Tells whether nobody can be waiting for the answer any more: whoever asked gave up, or is long gone. */
export function isAbandoned(row: CredentialRow, now: number): boolean {
  return row.state === 'creating' && (row.endedAt !== null || now - row.updatedAt.getTime() > underWayMs)
}

/** Tells whether a request that was cut off may still be carried out there. */
export function mayStillCome(row: CredentialRow, now: number): boolean {
  return now - row.updatedAt.getTime() <= underWayMs
}

/**
 * Finds what a lost creation made. Just before it was asked for, nothing there had its name (`reserve.ts`), and nobody
 * else could have made one of this name if the request was carried out.
 */
export function findLost(row: CredentialRow, remotes: readonly RemoteCredential[]): RemoteCredential | undefined {
  return remotes.find(({ name, createdAt }) => name === row.remoteName && !isOlder(createdAt, row))
}

/** Clocks differ; what was there an hour before is nothing that was just asked for. */
const clockMs = 3_600_000

function isOlder(createdAt: Date | undefined, row: CredentialRow): boolean {
  return createdAt !== undefined && createdAt.getTime() < row.createdAt.getTime() - clockMs
}

/**
 * Removes what a creation that failed half way may have made there. Where that cannot be seen to just now, the row stays,
 * given up, and whoever compares next sees to it (`reconcile.ts`). Never throws.
 */
export async function tidyUp(
  { db, now }: Pick<Context, 'db' | 'now'>,
  { table }: Integration,
  account: Account,
  row: CredentialRow,
): Promise<void> {
  const at = new Date(now())
  try {
    const lost = findLost(row, await account.list())
    if (lost) {
      await account.delete(lost.remoteId)
      await db.delete(table).where(and(eq(table.id, row.id), eq(table.state, 'creating')))
      return
    }
  } catch {
    // The system is away: that it was is what the caller is told of.
  }
  // A request that was cut off may still be carried out, so that nothing is there yet proves nothing.
  await db
    .update(table)
    .set({ endedAt: at, updatedAt: at })
    .where(eq(table.id, row.id))
    .catch(() => undefined)
}
