import type { Context } from '../../../platform/context.ts'
import { and, eq } from '../../../platform/postgres/query.ts'
import type { Account, Integration, RemoteCredential } from '../../integration.ts'
import { findLost, isAbandoned, mayStillCome } from '../lost-creation.ts'
import { readLive } from './read-live.ts'

/** Sees to creations of which nobody knew what had become. */
export async function removeLost(
  context: Context,
  integration: Integration,
  account: Account,
  remotes: readonly RemoteCredential[],
): Promise<RemoteCredential[]> {
  const { db, now } = context
  const { table } = integration
  const removed: RemoteCredential[] = []
  for (const row of await readLive(context, integration, account.owner)) {
    if (!isAbandoned(row, now())) continue
    const lost = findLost(row, remotes)
    if (!lost && mayStillCome(row, now())) continue
    if (lost && (await account.delete(lost.remoteId)) === 'deleted') removed.push(lost)
    await db.delete(table).where(and(eq(table.id, row.id), eq(table.state, 'creating')))
  }
  return removed
}
