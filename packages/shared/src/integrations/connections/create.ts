import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { createId } from '../../platform/id.ts'
import { isUniqueViolation } from '../../platform/postgres/client.ts'
import type { Seal } from '../../platform/seal.ts'
import type { Integrations } from '../systems.ts'
import { integrationConnections } from '../table.ts'
import { credentialsPlace } from './open.ts'
import type { CreateConnectionInput } from './schemas.ts'
import { sessionPlace } from './sessions.ts'
import { tryAccount } from './try-account.ts'
import { type ConnectionRow, type ConnectionView, viewConnection } from './view.ts'

/**
 * Stores an account, sealed under the master key, once the other system has taken it.
 * @param keep is called in the transaction that stores it
 * @throws MomentryError `INTEGRATION_NOT_CONFIGURED`; `VALIDATION_FAILED`; `CONFLICT` where the name is taken;
 *   `REMOTE_CREDENTIALS_REFUSED`, or what else the other system says
 */
export async function createConnection(
  context: Context,
  { integrations, seal }: { integrations: Integrations; seal: Seal },
  { system, name, credentials }: CreateConnectionInput,
  keep: (tx: TransactionContext, stored: ConnectionView) => Promise<void> = async () => undefined,
): Promise<ConnectionView> {
  const integration = integrations.get(system)
  const { owner, session } = await tryAccount(integrations, system, credentials)
  return withTransaction(context, async (tx) => {
    const id = createId()
    const at = new Date(tx.now())
    const row: ConnectionRow = {
      id,
      system,
      server: integration.server,
      name,
      account: owner,
      sealedCredentials: seal.seal(JSON.stringify(credentials), credentialsPlace(id)),
      sealedSession: session ? seal.seal(session.text, sessionPlace(id)) : null,
      sessionExpiresAt: session ? new Date(session.expiresAt) : null,
      error: null,
      lastUsedAt: at,
      createdBy: tx.actor.keyId ?? null,
      createdAt: at,
      updatedAt: at,
    }
    try {
      await tx.db.insert(integrationConnections).values(row)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new MomentryError('CONFLICT', `there is a connection to ${integration.title} of this name already`)
    }
    const stored = viewConnection(row)
    await keep(tx, stored)
    await appendAudit(tx, { action: 'connection.created', after: stored })
    return stored
  })
}
