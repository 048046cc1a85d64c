import { MomentryError } from '../../errors.ts'
import type { RemoteAnswer, RemoteHttp } from '../http/remote-http.ts'
import type { Verification } from '../integration.ts'
import { currentTokenSchema, userSchema } from './answers.ts'
import { giteaMessage, serverText } from './refuse.ts'
import { normaliseScopes } from './scopes.ts'

/** What can stand in a header behind `token `. */
const sendable = /^[\x21-\x7e]{1,4000}$/

/**
 * Asks Gitea about a token, by the token alone: `GET /token` tells all of it and takes no scope, but only from 1.27 on;
 * older ones have `GET /user`, which takes `read:user`.
 */
export async function verifyToken(http: RemoteHttp, secret: string): Promise<Verification> {
  if (!sendable.test(secret)) return { outcome: 'invalid', detail: 'no token of Gitea looks like that' }
  try {
    const answer = await ask(http, secret, '/api/v1/token')
    return answer.status === 404
      ? judgeUser(await ask(http, secret, '/api/v1/user'), secret)
      : judgeToken(answer, secret)
  } catch (error) {
    if (error instanceof MomentryError) return { outcome: 'unreachable', detail: error.message }
    throw error
  }
}

function ask(http: RemoteHttp, secret: string, path: string): Promise<RemoteAnswer> {
  return http.send({ method: 'GET', path, headers: { authorization: `token ${secret}` } })
}

function judgeToken(answer: RemoteAnswer, secret: string): Verification {
  const { success, data } = currentTokenSchema.safeParse(answer.body)
  if (answer.status !== 200 || !success) return judgeRefusal(answer, secret)
  return {
    outcome: 'valid',
    detail: 'Gitea takes it',
    remoteId: String(data.id),
    name: data.name,
    owner: data.user.login.toLowerCase(),
    scopes: normaliseScopes(data.scopes ?? []),
  }
}

function judgeUser(answer: RemoteAnswer, secret: string): Verification {
  const { success, data } = userSchema.safeParse(answer.body)
  if (answer.status !== 200 || !success) return judgeRefusal(answer, secret)
  return { outcome: 'valid', detail: 'Gitea takes it', owner: data.login.toLowerCase() }
}

/** Only Gitea's own words count: what stands before it may say 401 too, and knows nothing of tokens. */
function judgeRefusal(answer: RemoteAnswer, secret: string): Verification {
  const text = serverText(answer, [secret])
  const message = giteaMessage(answer)
  if (answer.status === 401 && message !== undefined) return { outcome: 'invalid', detail: `Gitea refused it: ${text}` }
  if (answer.status === 403 && message?.includes('required scope'))
    return { outcome: 'narrow', detail: `Gitea takes it, and it lacks the scope that asking takes: ${text}` }
  return { outcome: 'unreachable', detail: `Gitea answered neither yes nor no: ${text}` }
}
