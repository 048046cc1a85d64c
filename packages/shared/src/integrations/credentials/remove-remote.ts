import { MomentryError } from '../../errors.ts'
import type { Account, RemoteCredential } from '../integration.ts'

/** How a credential is known there: by its id and its name, both, since ids are given anew where a server is restored. */
export interface RemoteIdentity {
  remoteId: string
  remoteName: string
  hint?: string | null | undefined
}

/**
 * Deletes a credential there, if it is still the one that is meant.
 * @returns `gone` where it was not there any more
 * @throws MomentryError `CONFLICT` where its id belongs to another credential now; what the other system says
 */
export async function removeRemote(account: Account, identity: RemoteIdentity): Promise<'deleted' | 'gone'> {
  const found = (await account.list()).find(({ remoteId }) => remoteId === identity.remoteId)
  if (!found) return 'gone'
  if (!isSame(found, identity))
    throw new MomentryError('CONFLICT', 'another credential has its id there now, so nothing was deleted')
  return account.delete(found.remoteId)
}

/** The same for one that a successor has taken the place of: where another one has its id now, it is gone itself. */
export async function removeOld(account: Account, identity: RemoteIdentity): Promise<'deleted' | 'gone'> {
  try {
    return await removeRemote(account, identity)
  } catch (error) {
    if (error instanceof MomentryError && error.code === 'CONFLICT') return 'gone'
    throw error
  }
}

function isSame(found: RemoteCredential, { remoteName, hint }: RemoteIdentity): boolean {
  return found.name === remoteName && (!hint || !found.hint || found.hint === hint)
}
