import { appendAudit } from '../../../audit/append.ts'
import { type Context, withTransaction } from '../../../platform/context.ts'
import { createId } from '../../../platform/id.ts'
import type { CredentialRow } from '../../credential-table.ts'
import type { Integration, RemoteCredential } from '../../integration.ts'

/** Begins to track what is there. */
export function takeIn(
  context: Context,
  { table, server, system }: Integration,
  whose: { owner: string; connectionId: string | undefined },
  wanted: readonly RemoteCredential[],
): Promise<CredentialRow[]> {
  return withTransaction(context, async (tx) => {
    const at = new Date(tx.now())
    const adopted: CredentialRow[] = []
    for (const remote of wanted) {
      const [row] = await tx.db
        .insert(table)
        .values({
          id: createId(),
          server,
          owner: whose.owner,
          name: remote.name,
          remoteName: remote.name,
          remoteId: remote.remoteId,
          hint: remote.hint,
          scopes: remote.scopes,
          state: 'active',
          adopted: true,
          connectionId: whose.connectionId ?? null,
          policy: {},
          expiresAt: remote.expiresAt ?? null,
          createdBy: tx.actor.keyId ?? null,
          createdAt: at,
          renewedAt: remote.createdAt ?? at,
          updatedAt: at,
        })
        .onConflictDoNothing()
        .returning()
      if (row) adopted.push(row)
    }
    for (const { id, owner, name, remoteId } of adopted)
      await appendAudit(tx, {
        action: 'credential.adopted',
        after: { credentialId: id, system, owner, name, remoteId },
      })
    return adopted
  })
}
