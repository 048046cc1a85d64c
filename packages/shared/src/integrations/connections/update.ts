import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { isUniqueViolation } from '../../platform/postgres/client.ts'
import { eq } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import type { Integrations } from '../systems.ts'
import { integrationConnections } from '../table.ts'
import { findConnection } from './find.ts'
import { credentialsPlace } from './open.ts'
import type { UpdateConnectionInput } from './schemas.ts'
import { sessionPlace } from './sessions.ts'
import { tryAccount } from './try-account.ts'
import { type ConnectionView, viewConnection } from './view.ts'

/**
 * Renames a connection, or gives it new credentials, of the same account, once the other system has taken them.
 * @throws MomentryError `CONNECTION_NOT_FOUND`; `CONFLICT` where the name is taken, or the account is another one; what
 *   the other system says
 */
export async function updateConnection(
  context: Context,
  { integrations, seal }: { integrations: Integrations; seal: Seal },
  id: string,
  { name, credentials }: UpdateConnectionInput,
): Promise<ConnectionView> {
  const before = await findConnection(context.db, id)
  const renewed = credentials && (await tryAccount(integrations, before.system, credentials))
  if (renewed && renewed.owner !== before.account)
    throw new MomentryError('CONFLICT', `the connection is that of ${before.account}: store another one`)
  return withTransaction(context, async (tx) => {
    const change: Partial<typeof integrationConnections.$inferInsert> = {
      updatedAt: new Date(tx.now()),
      ...(name !== undefined && { name }),
      ...(renewed && {
        sealedCredentials: seal.seal(JSON.stringify(credentials), credentialsPlace(id)),
        sealedSession: renewed.session ? seal.seal(renewed.session.text, sessionPlace(id)) : null,
        sessionExpiresAt: renewed.session ? new Date(renewed.session.expiresAt) : null,
        error: null,
      }),
    }
    try {
      await tx.db.update(integrationConnections).set(change).where(eq(integrationConnections.id, id))
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new MomentryError('CONFLICT', 'there is a connection of this name already')
    }
    const after = await findConnection(tx.db, id)
    await appendAudit(tx, {
      action: 'connection.updated',
      before: { id, name: before.name },
      after: { id, name: after.name, credentialsReplaced: renewed !== undefined },
    })
    return viewConnection(after)
  })
}
