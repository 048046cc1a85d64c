import { MomentryError } from '../../errors.ts'
import type { Context } from '../../platform/context.ts'
import { and, eq } from '../../platform/postgres/query.ts'
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

/** Finds what a creation made whose request was sent a moment ago: just before that, nothing had its name (`create/reserve.ts`). */
function findJustMade(row: CredentialRow, remotes: readonly RemoteCredential[]): RemoteCredential | undefined {
  return remotes.find(({ name }) => name === row.remoteName)
}

/** Clocks differ by so much at the most, ms. */
const clockMs = 60_000

/**
 * Finds what a lost creation made some time ago. Meanwhile somebody may have made one of that name by hand, so it counts
 * only if it was made when it was asked for, and nobody has used it, whose value nobody has. Where a system does not tell
 * when (Gitea before 1.24), nothing is found: it is shown as unknown.
 */
export function findLost(row: CredentialRow, remotes: readonly RemoteCredential[]): RemoteCredential | undefined {
  const asked = row.createdAt.getTime()
  const isThen = (at: number) => at >= asked - clockMs && at <= asked + underWayMs + clockMs
  const found = findJustMade(row, remotes)
  return found?.createdAt && isThen(found.createdAt.getTime()) && !found.lastUsedAt ? found : undefined
}

/**
 * Removes what a creation that failed half way may have made there. Where that cannot be seen to just now, the row stays,
 * given up, and whoever compares next sees to it (`reconcile/remove-lost.ts`). Never throws.
 */
export async function tidyUp(
  { db, now }: Pick<Context, 'db' | 'now'>,
  { table }: Integration,
  account: Account,
  row: CredentialRow,
): Promise<void> {
  const at = new Date(now())
  try {
    const lost = findJustMade(row, await account.list())
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
