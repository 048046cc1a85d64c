import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { and, eq, inArray } from '../../platform/postgres/query.ts'
import { liveStates } from '../states.ts'
import { systemTable } from '../systems.ts'
import { integrationConnections } from '../table.ts'
import { findConnection } from './find.ts'

/**
 * Forgets a stored account. Credentials that it acted for stay there, and are neither rotated nor expired by themselves
 * any more.
 * @throws MomentryError `CONNECTION_NOT_FOUND`; `CONFLICT` while live credentials have it, unless `force`d
 */
export async function removeConnection(context: Context, id: string, { force }: { force: boolean }): Promise<void> {
  await withTransaction(context, async (tx) => {
    const connection = await findConnection(tx.db, id)
    const table = systemTable(connection.system)
    const users = await tx.db
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.connectionId, id), inArray(table.state, liveStates)))
    if (users.length > 0 && !force)
      throw new MomentryError('CONFLICT', `${users.length} credentials are rotated and expired by this connection`)
    await tx.db.delete(integrationConnections).where(eq(integrationConnections.id, id))
    const { system, name, account } = connection
    await appendAudit(tx, { action: 'connection.removed', before: { id, system, name, account } })
  })
}
