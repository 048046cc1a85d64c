import type { RemoteCall, RemoteReply } from '../remote-server.ts'
import { authenticate, type Doer } from './authenticate.ts'
import { fail, noRoute, notFound } from './replies.ts'
import { allows } from './scopes.ts'
import { createToken, currentToken, deleteToken, listTokens } from './tokens.ts'
import { findUser, type GiteaState, type User } from './users.ts'
import type { Traits } from './versions.ts'

export interface Behaviour {
  version: string
  traits: Traits
  /** Whether it takes Basic authentication. */
  basicAuth: boolean
  /** The most of one page. */
  maxItems: number
  /** Whether lists tell how many there are. */
  totals: boolean
  /** Whether a token is looked for among those of whoever asks, whoever's it is. */
  deletesOfDoer: boolean
}

/** Answers one request. @param path below /api/v1 */
export function answer(state: GiteaState, behaviour: Behaviour, call: RemoteCall, path: string): RemoteReply {
  const { traits, version } = behaviour
  const doer = authenticate(state, call, behaviour.basicAuth)
  if (!doer) return fail(401, traits.refusal)
  const route = `${call.method} ${path}`
  if (route === 'GET /version') return { status: 200, body: { version } }
  if (route === 'GET /token' && traits.tellsCurrentToken) return answerToken(doer)
  if (route === 'GET /user') return answerUser(doer)
  const [, name, id] = /^\/users\/([^/]+)\/tokens(?:\/([^/]+))?$/.exec(path) ?? []
  if (name === undefined) return noRoute()
  return answerTokens(state, behaviour, call, doer, { name: decodeURIComponent(name), id })
}

function answerToken({ user, token }: Doer): RemoteReply {
  return user && token ? currentToken(token, user) : fail(401, 'token is required')
}

function answerUser({ user, token }: Doer): RemoteReply {
  if (!user) return fail(401, 'token is required')
  if (token && !allows(token.scopes, 'read:user'))
    return fail(
      403,
      `token does not have at least one of required scope(s), required=[read:user], token scope=${token.scopes.join(',')}`,
    )
  return { status: 200, body: { id: user.id, login: user.username, is_admin: user.admin ?? false } }
}

interface Place {
  name: string
  id: string | undefined
}

function answerTokens(
  state: GiteaState,
  behaviour: Behaviour,
  call: RemoteCall,
  doer: Doer,
  { name, id }: Place,
): RemoteReply {
  const owner = findUser(state, name)
  if (!owner) return answerUnknownUser(state, call, name)
  if (doer.user?.id !== owner.id && !doer.user?.admin)
    return fail(403, 'doer should be the site admin or be same as the contextUser')
  if (doer.token) return fail(401, 'auth required')
  return work(state, behaviour, call, { owner, doer: doer.user ?? owner, id })
}

function answerUnknownUser(state: GiteaState, call: RemoteCall, name: string): RemoteReply {
  const present = state.renamed.get(name.toLowerCase())
  if (present === undefined) return fail(404, `user redirect does not exist [name: ${name}]`)
  const location = call.path.replace(`/users/${encodeURIComponent(name)}/`, `/users/${encodeURIComponent(present)}/`)
  return { status: 307, headers: { location: `${location}?${call.query}` } }
}

function work(
  state: GiteaState,
  behaviour: Behaviour,
  call: RemoteCall,
  { owner, doer, id }: { owner: User; doer: User; id: string | undefined },
): RemoteReply {
  if (call.method === 'DELETE' && id !== undefined)
    return deleteToken(state, behaviour.deletesOfDoer ? doer : owner, decodeURIComponent(id))
  if (id !== undefined) return notFound()
  if (call.method === 'POST') return createToken(state, owner, call, behaviour.traits)
  if (call.method === 'GET') return listTokens(state, owner, call, behaviour.traits, behaviour)
  return { status: 405 }
}
