import type { Context } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import type { Integrations } from '../systems.ts'
import { integrationConnections } from '../table.ts'
import { findConnection } from './find.ts'
import { withAccount } from './open.ts'
import { type ConnectionView, viewConnection } from './view.ts'

/**
 * Signs in anew with a stored connection.
 * @throws MomentryError `CONNECTION_NOT_FOUND`; `REMOTE_CREDENTIALS_REFUSED`, which the connection then shows; what else
 *   the other system says
 */
export async function checkConnection(
  context: Context,
  { integrations, seal }: { integrations: Integrations; seal: Seal },
  id: string,
): Promise<ConnectionView> {
  const { db } = context
  const { system } = await findConnection(db, id)
  // A session that still lives would prove nothing of the password.
  await db
    .update(integrationConnections)
    .set({ sealedSession: null, sessionExpiresAt: null })
    .where(eq(integrationConnections.id, id))
  await withAccount({ ...context, seal }, integrations.get(system), { connectionId: id }, (account) => account.list())
  return viewConnection(await findConnection(db, id))
}
