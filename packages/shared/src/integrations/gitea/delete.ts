import { MomentryError } from '../../errors.ts'
import type { RemoteAnswer } from '../http/remote-http.ts'
import { type GiteaAccess, tokensPath } from './access.ts'
import { listTokens } from './list.ts'
import { giteaMessage, refusal } from './refuse.ts'

/**
 * Deletes a token by its id; by its name it would be another one where the name looks like a number (`0x10`).
 * @returns `gone` where it is not there any more, nor is its owner
 * @throws MomentryError as `Account.delete`
 */
export async function deleteToken(access: GiteaAccess, remoteId: string): Promise<'deleted' | 'gone'> {
  // Gitea reads 010 as 8, and takes 0 and what is no number for a name.
  if (!/^[1-9]\d{0,18}$/.test(remoteId))
    throw new MomentryError('VALIDATION_FAILED', 'the id of a token on Gitea is a number')
  const { http, headers } = access
  const answer = await http.send({ method: 'DELETE', path: `${tokensPath(access)}/${remoteId}`, headers })
  if (answer.status === 204) return 'deleted'
  if (!isNotFound(answer)) throw refusal(answer, access)
  if (await hasOwner(access)) await refuseIfListed(access, remoteId)
  return 'gone'
}

/** What stands before Gitea may say 404 too, where its URL is wrong: that proves nothing. */
function isNotFound(answer: RemoteAnswer): boolean {
  return answer.status === 404 && giteaMessage(answer) !== undefined
}

/** A user who was deleted there has taken all tokens along. */
async function hasOwner(access: GiteaAccess): Promise<boolean> {
  const { http, headers } = access
  const answer = await http.send({ method: 'GET', path: tokensPath(access), query: { page: 1, limit: 1 }, headers })
  return !isNotFound(answer)
}

/**
 * Some versions look for the token among those of whoever asks, not of its owner, and do not find what is there: only a
 * list tells that it is gone.
 */
async function refuseIfListed(access: GiteaAccess, remoteId: string): Promise<void> {
  const tokens = await listTokens(access)
  if (tokens.some((token) => token.remoteId === remoteId))
    throw new MomentryError('REMOTE_FAILED', `Gitea says that it has no such token, and lists it for ${access.owner}`)
}
