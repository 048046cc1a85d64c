import { and, eq, inArray, lt } from 'drizzle-orm'
import { z } from 'zod'
import { appendAudit } from '../../audit/append.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { createId } from '../../platform/id.ts'
import type { Seal } from '../../platform/seal.ts'
import { withAccount } from '../connections/open.ts'
import type { CredentialRow } from '../credential-table.ts'
import type { Account, Integration, RemoteCredential } from '../integration.ts'
import { liveStates, unfinishedStates } from '../states.ts'
import { integrationRotations } from '../table.ts'
import { findLost, isAbandoned, mayStillCome } from './lost-creation.ts'
import type { ReconcileInput } from './schemas.ts'
import { credentialSchema, remoteCredentialSchema, viewCredential, viewRemote } from './view.ts'

/** What is tracked beside what is there. */
export const reconciliationSchema = z
  .object({
    owner: z.string(),
    data: z.array(credentialSchema).meta({ description: 'What is tracked of this owner and lives' }),
    gone: z.array(credentialSchema).meta({ description: 'What was tracked, and is not there any more' }),
    unknown: z.array(remoteCredentialSchema).meta({ description: 'What is there, and is not tracked' }),
    adopted: z.array(credentialSchema).meta({ description: 'What was taken in just now' }),
    removed: z
      .array(remoteCredentialSchema)
      .meta({ description: 'What creations whose answers were lost had left there; it was deleted' }),
  })
  .meta({ id: 'Reconciliation' })
export type Reconciliation = z.infer<typeof reconciliationSchema>

/**
 * Compares what is tracked of an owner with what is there: notes what vanished, removes what lost creations left, and
 * takes in what is unknown, where that is wished.
 * @throws MomentryError what the other system says; `CONNECTION_NEEDED`, `CONNECTION_NOT_FOUND`
 */
export function reconcile(
  context: Context,
  { integration, seal }: { integration: Integration; seal: Seal },
  input: ReconcileInput,
): Promise<Reconciliation> {
  return withAccount({ ...context, seal }, integration, input, async (account) => {
    const since = new Date(context.now())
    const remotes = await account.list()
    const removed = await removeLost(context, integration, account, remotes)
    const gone = await noteGone(context, integration, account.owner, { remotes, since })
    const live = await readLive(context, integration, account.owner)
    const known = await knownThere(context, integration, live)
    const isRemoved = new Set(removed.map(({ remoteId }) => remoteId))
    const unknown = remotes.filter(
      ({ remoteId, name }) => !known.ids.has(remoteId) && !known.names.has(name) && !isRemoved.has(remoteId),
    )
    const { adopt } = input
    const wanted = unknown.filter(({ remoteId }) => (Array.isArray(adopt) ? adopt.includes(remoteId) : adopt === true))
    const adopted = await takeIn(
      context,
      integration,
      { owner: account.owner, connectionId: input.connectionId },
      wanted,
    )
    const isAdopted = new Set(adopted.map(({ remoteId }) => remoteId))
    const view = (row: CredentialRow) => viewCredential(integration.system, row)
    return {
      owner: account.owner,
      data: [...adopted, ...live.filter(({ state }) => state === 'active')].map(view),
      gone: gone.map(view),
      unknown: unknown.filter(({ remoteId }) => !isAdopted.has(remoteId)).map(viewRemote),
      adopted: adopted.map(view),
      removed: removed.map(viewRemote),
    }
  })
}

function readLive({ db }: Context, { table, server }: Integration, owner: string): Promise<CredentialRow[]> {
  return db
    .select()
    .from(table)
    .where(and(eq(table.server, server), eq(table.owner, owner), inArray(table.state, liveStates)))
}

/** Sees to creations of which nobody knew what had become. */
async function removeLost(
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

/** What was changed since the list was asked for may be newer than the list. */
function noteGone(
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
      await appendAudit(tx, { action: 'credential.gone', before: { credentialId: id, system, owner, name } })
    return noted
  })
}

/** What is there because of a credential that is tracked: itself, and both of the two of a rotation. */
async function knownThere(
  { db, now }: Context,
  { system }: Integration,
  live: readonly CredentialRow[],
): Promise<{ ids: ReadonlySet<string>; names: ReadonlySet<string> }> {
  const ids = new Set(live.flatMap(({ remoteId }) => remoteId ?? []))
  // What has the name of a creation that was given up, and was not removed, is somebody else's.
  const wanted = live.filter((row) => !isAbandoned(row, now()))
  const names = new Set(wanted.map(({ remoteName }) => remoteName))
  if (live.length === 0) return { ids, names }
  const { credentialId, state, oldRemoteId, newRemoteName } = integrationRotations
  const rotations = await db
    .select({ oldRemoteId, newRemoteName })
    .from(integrationRotations)
    .where(
      and(
        eq(integrationRotations.system, system),
        inArray(
          credentialId,
          live.map(({ id }) => id),
        ),
        inArray(state, [...unfinishedStates, 'failed', 'cancelled']),
      ),
    )
  for (const rotation of rotations) {
    ids.add(rotation.oldRemoteId)
    names.add(rotation.newRemoteName)
  }
  return { ids, names }
}

function takeIn(
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
