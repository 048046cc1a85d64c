import { appendAudit } from '../../../audit/append.ts'
import { type Context, withTransaction } from '../../../platform/context.ts'
import { and, eq, inArray, lt } from '../../../platform/postgres/query.ts'
import type { CredentialRow } from '../../credential-table.ts'
import type { Integration, RemoteCredential } from '../../integration.ts'

/** Notes what vanished there. What was changed since the list was asked for may be newer than the list, and is left alone. */
export function noteGone(
  context: Context,
  { table, server, system }: Integration,
  owner: string,
  { remotes, since }: { remotes: readonly RemoteCredential[]; since: Date },
): Promise<CredentialRow[]> {
  return withTransaction(context, async (tx) => {
    const there = new Set(remotes.map(({ remoteId }) => remoteId))
    const isActive = and(eq(table.server, server), eq(table.owner, owner), eq(table.state, 'active'))
    const rows = await tx.db
      .select()
      .from(table)
      .where(and(isActive, lt(table.updatedAt, since)))
      .for('update')
    const gone = rows.filter(({ remoteId }) => remoteId !== null && !there.has(remoteId))
    if (gone.length === 0) return []
    const at = new Date(tx.now())
    const ids = gone.map(({ id }) => id)
    const noted = await tx.db
      .update(table)
      .set({ state: 'gone', endedAt: at, updatedAt: at, nextRotationAt: null })
      .where(inArray(table.id, ids))
      .returning()
    for (const { id, name } of gone)
      await appendAudit(tx, {
        action: 'credential.gone',
        reason: `it is not on ${system} any more`,
        before: { credentialId: id, system, owner, name, state: 'active' },
        after: { credentialId: id, state: 'gone' },
      })
    return noted
  })
}
