import type { RemoteCall, RemoteReply } from '../remote-server.ts'
import { keyChange, listQuery, newKey, refuse, refuseIssue } from './issues.ts'
import { type ApiKey, isOwner, keysOf, makeValue, type N8nState, putKey, type User } from './state.ts'

/** Some of those that anybody may grant. */
const grantable = [
  ...['credential:create', 'credential:delete', 'credential:list', 'execution:list', 'execution:read', 'tag:create'],
  ...['tag:list', 'tag:read', 'user:list', 'workflow:activate', 'workflow:create', 'workflow:list', 'workflow:read'],
  ...['workflow:update'],
]
const grantableByOwners = ['user:create', 'variable:list']

const taken = refuse(500, 'There is already an entry with this name', 0)
const notFound = refuse(404, 'API key not found')
const badScopes = refuse(400, 'Invalid scopes for user role')

export function scopesOf(state: N8nState, user: User): string[] {
  return isOwner(state, user) ? [...grantable, ...grantableByOwners].sort() : grantable
}

export function createKey(state: N8nState, user: User, call: RemoteCall): RemoteReply {
  const { data, error } = newKey.safeParse(call.body)
  if (error) return refuseIssue(error)
  // It takes 0 for never, as the real one does.
  if (data.expiresAt && data.expiresAt <= state.now() / 1000) {
    const message = 'Expiration date must be in the future or null'
    return { status: 400, body: { code: 'custom', path: ['expiresAt'], message } }
  }
  if (!mayGrant(state, user, data.scopes)) return badScopes
  if (data.expiresAt && !Number.isInteger(data.expiresAt))
    return refuse(500, '"expiresIn" should be a number of seconds or string representing a timespan', 0)
  if (isTaken(state, user, data.label)) return taken
  return giveKey(putKey(state, user, { ...data, expiresAt: data.expiresAt || null }))
}

function mayGrant(state: N8nState, user: User, scopes: readonly string[]): boolean {
  const known = scopesOf(state, user)
  return scopes.every((scope) => known.includes(scope))
}

function isTaken(state: N8nState, user: User, label: string, but?: ApiKey): boolean {
  return keysOf(state, user).some((key) => key.label === label && key !== but)
}

export function listKeys(state: N8nState, user: User, call: RemoteCall, legacy: boolean): RemoteReply {
  if (legacy) return { status: 200, body: { data: keysOf(state, user).map(viewKey) } }
  const { data, error } = listQuery.safeParse(Object.fromEntries(call.query))
  if (error) return refuseIssue(error)
  const { take, skip, ownership } = data
  const all = isOwner(state, user) && ownership !== 'mine' ? state.keys.toReversed() : keysOf(state, user)
  const mine = keysOf(state, user).length
  const counts = { mine, all: isOwner(state, user) ? state.keys.length : mine }
  const items = all.slice(skip, skip + take).map((key) => {
    const { id, email } = state.users.find((one) => one.id === key.userId) ?? user
    return { ...viewKey(key), owner: { id, email, firstName: 'Test', lastName: 'User' } }
  })
  return { status: 200, body: { data: { items, counts, totals: counts, owners: [] } } }
}

/** An owner of the server may delete anybody's. */
export function deleteKey(state: N8nState, user: User, id: string): RemoteReply {
  const key = (isOwner(state, user) ? state.keys : keysOf(state, user)).find((one) => one.id === id)
  if (!key) return notFound
  state.keys.splice(state.keys.indexOf(key), 1)
  return { status: 200, body: { data: { success: true } } }
}

/** Answers 200 for an id that it does not know, too. */
export function changeKey(state: N8nState, user: User, call: RemoteCall, id: string): RemoteReply {
  const { data, error } = keyChange.safeParse(call.body)
  if (error) return refuseIssue(error)
  if (!mayGrant(state, user, data.scopes)) return badScopes
  const key = keysOf(state, user).find((one) => one.id === id)
  if (key && isTaken(state, user, data.label, key)) return taken
  if (key) Object.assign(key, data)
  return { status: 200, body: { data: { success: true } } }
}

/** Ends the old value at once. */
export function rotateKey(state: N8nState, user: User, id: string): RemoteReply {
  const key = keysOf(state, user).find((one) => one.id === id)
  if (!key) return notFound
  if (key.expiresAt !== null && key.expiresAt <= state.now() / 1000)
    return refuse(400, 'Cannot rotate an expired API key')
  key.value = makeValue(state, user, key.expiresAt)
  return giveKey(key)
}

function giveKey(key: ApiKey): RemoteReply {
  return { status: 200, body: { data: { ...viewKey(key), rawApiKey: key.value } } }
}

function viewKey({ id, userId, label, scopes, value, expiresAt, createdAt, lastUsedAt }: ApiKey) {
  const at = createdAt.toISOString()
  return {
    ...{ id, userId, label, scopes, apiKey: `******${value.slice(-4)}`, audience: 'public-api' },
    ...{ lastUsedAt: lastUsedAt?.toISOString() ?? null, expiresAt, createdAt: at, updatedAt: at },
  }
}
