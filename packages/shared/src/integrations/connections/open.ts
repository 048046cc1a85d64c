import { z } from 'zod'
import { MomentryError } from '../../errors.ts'
import { tellError } from '../../jobs/error-text.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { eq } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import type { Account, Integration } from '../integration.ts'
import { integrationConnections } from '../table.ts'
import { findConnection } from './find.ts'
import { storedSessions } from './sessions.ts'
import type { ConnectionRow } from './view.ts'

export interface OpenDeps {
  db: Queryable
  now: Clock
  seal: Seal
}

/** Who acts on the other system: a stored connection, or somebody's credentials for this one time. */
export interface AccountChoice {
  connectionId?: string | undefined
  credentials?: unknown
  /** Whose credentials are managed, where it is not the account's own. */
  owner?: string | undefined
}

/** The place that a connection's credentials are sealed for. */
export function credentialsPlace(connectionId: string): string {
  return `connection ${connectionId}`
}

/**
 * Opens the account that was chosen, does something with it, and closes it again, whatever comes of it. What becomes of a
 * connection is noted with it.
 * @throws MomentryError `CONNECTION_NEEDED` where none was chosen; `CONNECTION_NOT_FOUND`; `VALIDATION_FAILED` for
 *   credentials that are not those of the system; whatever `work` throws
 */
export async function withAccount<T>(
  deps: OpenDeps,
  integration: Integration,
  choice: AccountChoice,
  work: (account: Account) => Promise<T>,
): Promise<T> {
  const { connectionId, credentials, owner } = choice
  if (connectionId === undefined) {
    if (credentials === undefined)
      throw new MomentryError('CONNECTION_NEEDED', `name a connection to ${integration.title}, or give credentials`)
    return use(openWith(integration, { credentials, owner }), work)
  }
  const connection = await findConnection(deps.db, connectionId)
  refuseOther(connection, integration)
  const opened = z
    .record(z.string(), z.string())
    .parse(JSON.parse(deps.seal.open(connection.sealedCredentials, credentialsPlace(connectionId))))
  const sessions = storedSessions(deps, connectionId)
  try {
    const result = await use(openWith(integration, { credentials: opened, owner, sessions }), work)
    await noteUse(deps, connectionId)
    return result
  } catch (error) {
    if (error instanceof MomentryError && error.code === 'REMOTE_CREDENTIALS_REFUSED')
      await deps.db
        .update(integrationConnections)
        .set({ error: tellError(error) })
        .where(eq(integrationConnections.id, connectionId))
    throw error
  }
}

async function use<T>(account: Account, work: (account: Account) => Promise<T>): Promise<T> {
  try {
    return await work(account)
  } finally {
    await account.close()
  }
}

/** Opens an account. @throws MomentryError `VALIDATION_FAILED` for credentials that are not those of the system */
export function openWith(integration: Integration, access: Parameters<Integration['open']>[0]): Account {
  try {
    return integration.open(access)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    const issues = error.issues.map(({ path, message }) => ({
      pointer: ['/credentials', ...path.map(String)].join('/'),
      detail: message,
    }))
    throw new MomentryError('VALIDATION_FAILED', `these are no credentials of ${integration.title}`, { issues })
  }
}

/** The same id on another server is another credential: nobody wants that deleted. */
function refuseOther({ system, server }: ConnectionRow, integration: Integration): void {
  if (system !== integration.system)
    throw new MomentryError('CONNECTION_NOT_FOUND', `there is no connection to ${integration.title} with this id`)
  if (server !== integration.server)
    throw new MomentryError(
      'CONFLICT',
      `the connection is to ${server}, and ${integration.title} is at ${integration.server} now`,
    )
}

/** Once a minute is often enough. */
const noteMs = 60_000

async function noteUse({ db, now }: OpenDeps, id: string): Promise<void> {
  const { lastUsedAt, error } = await findConnection(db, id)
  if (error === null && lastUsedAt && now() - lastUsedAt.getTime() < noteMs) return
  await db
    .update(integrationConnections)
    .set({ lastUsedAt: new Date(now()), error: null })
    .where(eq(integrationConnections.id, id))
}
