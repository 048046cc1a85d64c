import { z } from 'zod'
import type { RemoteCall, RemoteReply } from '../remote-server.ts'
import { refuse } from './sessions.ts'
import { type ApiKey, keysOf, type N8nState, putKey, type User } from './state.ts'

/** Some of those that an owner may grant. */
export const grantable = [
  ...['credential:create', 'credential:delete', 'credential:list', 'execution:list', 'execution:read', 'tag:create'],
  ...['tag:list', 'tag:read', 'user:list', 'variable:list', 'workflow:activate', 'workflow:create', 'workflow:list'],
  ...['workflow:read', 'workflow:update'],
]

const label = z.string().min(1).max(50)
const newKey = z.object({ label, scopes: z.array(z.string()), expiresAt: z.number().nullable() })

/** A bad field is answered with zod's own first issue, without a wrapper. */
function refuseIssue(error: z.ZodError): RemoteReply {
  const [issue] = error.issues
  const isMissing = issue?.message.includes('undefined')
  return {
    status: 400,
    body: { code: issue?.code, path: issue?.path, message: isMissing ? 'Required' : issue?.message },
  }
}

export function createKey(state: N8nState, user: User, call: RemoteCall): RemoteReply {
  const parsed = newKey.safeParse(call.body)
  if (!parsed.success) return refuseIssue(parsed.error)
  const { data } = parsed
  // It takes 0 for never, as the real one does.
  if (data.expiresAt && data.expiresAt <= state.now() / 1000)
    return {
      status: 400,
      body: { code: 'custom', path: ['expiresAt'], message: 'Expiration date must be in the future or null' },
    }
  if (!data.scopes.every((scope) => grantable.includes(scope))) return refuse(400, 'Invalid scopes for user role')
  if (keysOf(state, user).some((key) => key.label === data.label))
    return { status: 500, body: { code: 0, message: 'There is already an entry with this name' } }
  const key = putKey(state, user, { ...data, expiresAt: data.expiresAt || null })
  return { status: 200, body: { data: { ...viewKey(key), rawApiKey: key.value } } }
}

export function listKeys(state: N8nState, user: User, call: RemoteCall, legacy: boolean): RemoteReply {
  const isMine = call.query.get('ownership') === 'mine'
  const isOwner = state.users[0] === user
  if (legacy) return { status: 200, body: { data: keysOf(state, user).map(viewKey) } }
  const all = isOwner && !isMine ? state.keys.toReversed() : keysOf(state, user)
  const take = Math.min(Number(call.query.get('take') ?? 10), 250)
  const skip = Number(call.query.get('skip') ?? 0)
  const counts = { mine: keysOf(state, user).length, all: state.keys.length }
  const items = all.slice(skip, skip + take).map((key) => {
    const { id, email } = state.users.find((one) => one.id === key.userId) ?? user
    return { ...viewKey(key), owner: { id, email, firstName: 'Test', lastName: 'User' } }
  })
  return { status: 200, body: { data: { items, counts, totals: counts, owners: [] } } }
}

export function deleteKey(state: N8nState, user: User, id: string): RemoteReply {
  const key = keysOf(state, user).find((one) => one.id === id)
  if (!key) return refuse(404, 'API key not found')
  state.keys.splice(state.keys.indexOf(key), 1)
  return { status: 200, body: { data: { success: true } } }
}

/** Answers 200 for an id that it does not know, too. */
export function changeKey(state: N8nState, user: User, call: RemoteCall, id: string): RemoteReply {
  const parsed = newKey.pick({ label: true, scopes: true }).safeParse(call.body)
  if (!parsed.success) return refuseIssue(parsed.error)
  const key = keysOf(state, user).find((one) => one.id === id)
  if (key) Object.assign(key, parsed.data)
  return { status: 200, body: { data: { success: true } } }
}

function viewKey({ id, userId, label, scopes, value, expiresAt, createdAt }: ApiKey) {
  const at = createdAt.toISOString()
  return {
    ...{ id, userId, label, scopes, apiKey: `******${value.slice(-4)}`, audience: 'public-api' },
    ...{ lastUsedAt: null, expiresAt, createdAt: at, updatedAt: at },
  }
}

/** The public API, by key. @param path below /api/v1 */
export function answerPublic(state: N8nState, call: RemoteCall, path: string, legacy: boolean): RemoteReply {
  const value = call.headers['x-n8n-api-key']
  const key = state.keys.find((one) => one.value === value)
  const isLiving = key && (key.expiresAt === null || key.expiresAt > state.now() / 1000)
  if (path === '/discover' && legacy) return { status: 404, body: { message: 'not found' } }
  if (path !== '/discover' && path !== '/workflows') return { status: 404, body: { message: 'not found' } }
  if (!isLiving) return { status: 401, body: { message: 'Unauthorized' } }
  if (path === '/discover') return { status: 200, body: { data: { scopes: key.scopes, resources: {} } } }
  if (!key.scopes.includes('workflow:list')) return { status: 403, body: { message: 'Forbidden' } }
  return { status: 200, body: { data: [], nextCursor: null } }
}
