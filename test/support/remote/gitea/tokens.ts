import { z } from 'zod'
import type { RemoteCall, RemoteReply } from '../remote-server.ts'
import { goNumber } from './go-number.ts'
import { fail, notFound } from './replies.ts'
import { normalise } from './scopes.ts'
import { type GiteaState, putToken, type Token, tokensOf, type User } from './users.ts'
import type { Traits } from './versions.ts'

/** Go's zero time. */
const zero = '0001-01-01T00:00:00Z'

const createBody = z.object({ name: z.string().default(''), scopes: z.array(z.string()).nullish() })

export function createToken(state: GiteaState, owner: User, call: RemoteCall, traits: Traits): RemoteReply {
  const isJson = /^application\/json\b/.test(call.headers['content-type'] ?? '')
  const { data } = createBody.safeParse(isJson ? call.body : {})
  if (!data || data.name === '') return fail(422, '[Name]: Required')
  if (tokensOf(state, owner).some(({ name }) => name === data.name))
    return fail(400, 'access token name has been used already')
  const scopes = normalise(data.scopes ?? [])
  if (typeof scopes === 'string') return fail(400, `invalid access token scope provided: ${scopes}`)
  const grants = scopes.some((scope) => scope !== 'public-only')
  if (traits.needsScope && !grants) return fail(400, 'access token must have a scope')
  const token = putToken(state, owner, data.name, scopes)
  return {
    status: 201,
    body: {
      ...identity(token),
      sha1: token.value,
      scopes: traits.tellsNewScopes ? scopes : null,
      ...(traits.tellsTimes ? { created_at: zero, last_used_at: zero } : {}),
    },
  }
}

export interface Paging {
  maxItems: number
  totals: boolean
}

export function listTokens(
  state: GiteaState,
  owner: User,
  call: RemoteCall,
  traits: Traits,
  paging: Paging,
): RemoteReply {
  const tokens = tokensOf(state, owner)
  const page = Math.max(1, Number(call.query.get('page') ?? 1))
  const limit = Math.min(paging.maxItems, Number(call.query.get('limit') ?? 30) || 30)
  return {
    status: 200,
    headers: paging.totals ? { 'x-total-count': String(tokens.length) } : {},
    body: tokens.slice((page - 1) * limit, page * limit).map((token) => ({
      ...identity(token),
      sha1: '',
      scopes: token.scopes.length > 0 ? token.scopes : null,
      ...(traits.tellsTimes ? timesOf(token) : {}),
    })),
  }
}

/** @param text of the path: an id, or a name where it does not look like a number */
export function deleteToken(state: GiteaState, owner: User, text: string): RemoteReply {
  const id = goNumber(text)
  const matches = tokensOf(state, owner).filter((token) => (id === 0 ? token.name === text : token.id === id))
  if (matches.length > 1) return fail(422, `multiple matches for token name '${text}'`)
  const [token] = matches
  if (!token) return notFound()
  state.tokens.splice(state.tokens.indexOf(token), 1)
  return { status: 204 }
}

export function currentToken(token: Token, user: User): RemoteReply {
  const { id, name, scopes } = token
  return { status: 200, body: { id, name, scopes, ...timesOf(token), user: { id: user.id, login: user.username } } }
}

function identity({ id, name, value }: Token) {
  return { id, name, token_last_eight: value.slice(-8) }
}

/** Times of the list are those of the server's zone, to the second. */
function timesOf({ createdAt, touchedAt }: Token) {
  return { created_at: seconds(createdAt), last_used_at: seconds(touchedAt) }
}

function seconds(at: Date): string {
  return new Date(at.getTime() + 3_600_000).toISOString().replace(/\.\d+Z$/, '+01:00')
}
