import { MomentryError } from '../../../errors.ts'
import { withTransaction } from '../../../platform/context.ts'
import { eq } from '../../../platform/postgres/query.ts'
import type { CredentialRow } from '../../credential-table.ts'
import type { Account, Integration, MintedCredential } from '../../integration.ts'
import { integrationRotations } from '../../table.ts'
import { deposit, readEscrow } from '../escrow.ts'
import { findRotation } from '../find.ts'
import type { RotationRow } from '../view.ts'
import { lockForWork, type Place, type WorkDeps, withRotationAccount } from './place.ts'
import { switchToSuccessor } from './switch.ts'

/** A rotation that is tried for a day, and its successor waits for a day after: so long it is kept at the most. */
const keptMs = 3 * 86_400_000

/**
 * Part 1: makes the successor there, and seals it into escrow. One that an earlier attempt made, and whose answer got
 * lost, has a name that nobody else would choose: it is deleted before another is made, so there are never two.
 */
export async function createNew(deps: WorkDeps, place: Place): Promise<Record<string, unknown>> {
  const rotation = await findRotation(deps.context.db, place.rotationId)
  if (await isMade(deps, rotation)) return { remoteName: rotation.newRemoteName, earlier: true }
  return withRotationAccount(deps, rotation, async (account, of) => {
    const removed = await removeLost(account, rotation)
    await announceCreation(deps, place)
    const minted = await account.create(successorOf(rotation, of))
    try {
      await settle(deps, place, minted)
    } catch (error) {
      // Its value is lost with this attempt. Where it cannot be deleted now, the next attempt finds it by its name.
      await account.delete(minted.remoteId).catch(() => undefined)
      throw error
    }
    return { remoteName: rotation.newRemoteName, remoteId: minted.remoteId, ...(removed && { removed }) }
  })
}

async function isMade({ context, seal }: WorkDeps, rotation: RotationRow): Promise<boolean> {
  if (rotation.createdThereAt === null) return false
  return rotation.switchedAt !== null || (await readEscrow(context.db, seal, rotation.id)) !== undefined
}

/** @throws MomentryError `CONFLICT` for what has the name, though nothing was asked for yet: that is not ours */
async function removeLost(account: Account, rotation: RotationRow): Promise<string | undefined> {
  const found = (await account.list()).find(({ name }) => name === rotation.newRemoteName)
  if (!found) return undefined
  if (rotation.createSentAt === null)
    throw new MomentryError('CONFLICT', `something is called ${rotation.newRemoteName} there already`)
  await account.delete(found.remoteId)
  return found.remoteId
}

/** From here on, what has the successor's name there is this rotation's. */
async function announceCreation({ context }: WorkDeps, place: Place): Promise<void> {
  await withTransaction(context, async (tx) => {
    const { rotation } = await lockForWork(tx, place)
    const at = new Date(tx.now())
    await tx.db
      .update(integrationRotations)
      .set({ createSentAt: rotation.createSentAt ?? at, createdThereAt: null, newRemoteId: null, updatedAt: at })
      .where(eq(integrationRotations.id, rotation.id))
  })
}

function successorOf(
  rotation: RotationRow,
  { integration, credential }: { integration: Integration; credential: CredentialRow },
) {
  const expiresAt = integration.capabilities.expires ? (credential.expiresAt ?? undefined) : undefined
  return { name: rotation.newRemoteName, scopes: credential.scopes, expiresAt }
}

async function settle({ context, seal }: WorkDeps, place: Place, minted: MintedCredential): Promise<void> {
  await withTransaction(context, async (tx) => {
    const held = await lockForWork(tx, place)
    const { id, kind } = held.rotation
    const at = new Date(tx.now())
    await tx.db
      .update(integrationRotations)
      .set({ newRemoteId: minted.remoteId, newHint: minted.hint, createdThereAt: at, updatedAt: at })
      .where(eq(integrationRotations.id, id))
    await deposit(tx, seal, { rotationId: id, secret: minted.secret, expiresAt: tx.now() + keptMs })
    // Of a leaked credential nothing is waited for: it goes as soon as it has a successor.
    if (kind === 'forced') await switchToSuccessor(tx, held, minted)
  })
}
