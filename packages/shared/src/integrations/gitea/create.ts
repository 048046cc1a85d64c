import type { MintedCredential, NewCredential } from '../integration.ts'
import { type GiteaAccess, tokensPath } from './access.ts'
import { newTokenSchema, readAnswer, viewToken } from './answers.ts'
import { listTokens } from './list.ts'
import { refusal } from './refuse.ts'
import { normaliseScopes } from './scopes.ts'

/**
 * Makes a token. The request is sent once: whether one whose answer is lost was carried out, only a list tells.
 * @throws MomentryError as `Account.create`
 */
export async function createToken(access: GiteaAccess, { name, scopes }: NewCredential): Promise<MintedCredential> {
  const { http, headers } = access
  const answer = await http.send({
    method: 'POST',
    path: tokensPath(access),
    headers,
    body: { name, scopes },
    repeatable: false,
  })
  if (answer.status !== 201) throw refusal(answer, access)
  const token = readAnswer(newTokenSchema, answer)
  const view = viewToken(token)
  return {
    ...view,
    hint: view.hint || token.sha1.slice(-8),
    scopes: token.scopes ? view.scopes : await readScopes(access, view.remoteId, scopes),
    secret: token.sha1,
  }
}

/** Never throws: the token is made, and its value must not be lost for its scopes, which follow from what was asked. */
async function readScopes(access: GiteaAccess, remoteId: string, asked: readonly string[]): Promise<string[]> {
  const tokens = await listTokens(access).catch(() => [])
  const scopes = tokens.find((token) => token.remoteId === remoteId)?.scopes ?? []
  return scopes.length > 0 ? scopes : normaliseScopes(asked)
}
