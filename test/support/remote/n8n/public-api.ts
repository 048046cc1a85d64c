import type { RemoteCall, RemoteReply } from '../remote-server.ts'
import type { N8nState } from './state.ts'

const refuse = (status: number, message: string): RemoteReply => ({ status, body: { message } })

/** The public API, by key: of all that it has what tells whether a key is good. @param path below /api/v1 */
export function answerPublic(state: N8nState, call: RemoteCall, path: string, legacy: boolean): RemoteReply {
  const isDiscover = path === '/discover' && !legacy
  if (!isDiscover && path !== '/workflows') return refuse(404, 'not found')
  const value = call.headers['x-n8n-api-key']
  if (isDiscover && value === undefined) return refuse(401, "'X-N8N-API-KEY' header required")
  const key = state.keys.find((one) => one.value === value)
  const isLiving = key && (key.expiresAt === null || key.expiresAt > state.now() / 1000)
  // The two say it in different ways.
  if (!isLiving) return refuse(401, isDiscover ? 'unauthorized' : 'Unauthorized')
  key.lastUsedAt = new Date(state.now())
  if (isDiscover) return { status: 200, body: { data: { scopes: key.scopes, resources: {} } } }
  if (!key.scopes.includes('workflow:list')) return refuse(403, 'Forbidden')
  return { status: 200, body: { data: [], nextCursor: null } }
}
