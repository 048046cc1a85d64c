import type { SendAlert } from '../../alerts/send.ts'
import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { tellError } from '../../jobs/error-text.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { and, asc, eq, isNull, lte, or } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import { credentialAlert } from '../alert.ts'
import type { CredentialRow } from '../credential-table.ts'
import type { Integration } from '../integration.ts'
import type { Integrations } from '../systems.ts'
import { deleteCredential } from './delete.ts'

const perSweep = 100
/** What could not be ended is tried again, and told of again, after this long. */
const againMs = 3_600_000

export interface ExpireDeps {
  integrations: Integrations
  seal: Seal
  sendAlert: SendAlert
}

/**
 * Ends credentials whose expiry has come: deletes them there where the system has no expiry of its own. Where that fails,
 * people are told, each hour.
 * @returns how many ended
 */
export async function expireCredentials(context: Context, deps: ExpireDeps): Promise<number> {
  let ended = 0
  for (const integration of deps.integrations.all) {
    for (const row of await findExpired(context, integration)) {
      if (await expire(context, deps, integration, row)) ended += 1
    }
  }
  return ended
}

function findExpired({ db, now }: Context, { table, server }: Integration): Promise<CredentialRow[]> {
  const at = now()
  return db
    .select()
    .from(table)
    .where(
      and(
        eq(table.state, 'active'),
        eq(table.server, server),
        lte(table.expiresAt, new Date(at)),
        or(isNull(table.expiryToldAt), lte(table.expiryToldAt, new Date(at - againMs))),
      ),
    )
    .orderBy(asc(table.expiresAt))
    .limit(perSweep)
}

async function expire(
  context: Context,
  { seal, sendAlert }: ExpireDeps,
  integration: Integration,
  row: CredentialRow,
): Promise<boolean> {
  const { system, title, table } = integration
  const { now, db } = context
  try {
    if (integration.capabilities.expires) await noteExpired(context, integration, row)
    else await deleteCredential(context, { integration, seal }, row.id, { as: 'expired', reason: 'its expiry' })
  } catch (error) {
    // Our own database, too, may be away: that says nothing of the credential.
    if (!(error instanceof MomentryError)) throw error
    const explanation = `it has expired, and could not be deleted on ${title}: ${tellError(error)}`
    await sendAlert(
      credentialAlert(system, row, { type: 'credential.expiry-failed', severity: 'high', explanation }, now()),
    )
    await db
      .update(table)
      .set({ expiryToldAt: new Date(now()) })
      .where(eq(table.id, row.id))
    return false
  }
  const explanation = `it reached its expiry, ${row.expiresAt?.toISOString()}`
  await sendAlert(credentialAlert(system, row, { type: 'credential.expired', severity: 'low', explanation }, now()))
  return true
}

function noteExpired(
  context: Context,
  { system, table }: Integration,
  { id, owner, name }: CredentialRow,
): Promise<void> {
  return withTransaction(context, async (tx) => {
    const at = new Date(tx.now())
    const isStill = and(eq(table.id, id), eq(table.state, 'active'), lte(table.expiresAt, at))
    const change = { state: 'expired', endedAt: at, updatedAt: at, nextRotationAt: null } as const
    const { rowCount } = await tx.db.update(table).set(change).where(isStill)
    if (rowCount === 0) return
    await appendAudit(tx, {
      action: 'credential.expired',
      reason: 'it reached its expiry',
      before: { credentialId: id, system, owner, name, state: 'active' },
      after: { credentialId: id, state: change.state },
    })
  })
}
