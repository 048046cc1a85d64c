import { z } from 'zod'
import type { RemoteCall, RemoteReply } from '../remote-server.ts'
import { findUser, makeJwt, type N8nState, randomId, type User } from './state.ts'

const weekSeconds = 604_800
const loginBody = z.object({
  emailOrLdapLoginId: z.string(),
  password: z.string(),
  mfaCode: z.string().optional(),
})
const setUpBody = z.object({
  email: z.email(),
  firstName: z.string().min(1),
  lastName: z.string().min(1),
  password: z.string().min(8).max(64).regex(/\d/).regex(/[A-Z]/),
})

export const unauthorized: RemoteReply = { status: 401, body: { status: 'error', message: 'Unauthorized' } }

/** Refuses in n8n's own form. */
export function refuse(status: number, message: string, code = status): RemoteReply {
  return { status, body: { code, message } }
}

/** `POST /rest/login`. Successful ones count, too. */
export function signIn(state: N8nState, call: RemoteCall, loginsPerMinute: number): RemoteReply {
  const { data } = loginBody.safeParse(call.body)
  if (!data || !z.email().safeParse(data.emailOrLdapLoginId).success) return refuse(400, 'Invalid email address')
  const user = findUser(state, data.emailOrLdapLoginId)
  if (user && !mayTry(state, user, loginsPerMinute))
    return { status: 429, headers: { 'retry-after': '60' }, text: 'Too many requests' }
  if (!user || user.password !== data.password)
    return refuse(401, 'Wrong username or password. Do you have caps lock on?')
  if (user.mfaCode !== undefined && user.mfaCode !== data.mfaCode) return refuse(401, 'MFA Error', 998)
  return { status: 200, headers: { 'set-cookie': openSession(state, user, call) }, body: { data: viewUser(user) } }
}

function mayTry(state: N8nState, user: User, loginsPerMinute: number): boolean {
  user.logins = user.logins.filter((at) => at > state.now() - 60_000)
  if (user.logins.length >= loginsPerMinute) return false
  user.logins.push(state.now())
  return true
}

function openSession(state: N8nState, user: User, call: RemoteCall): string {
  const value = makeJwt({ id: user.id, iat: Math.floor(state.now() / 1000), signedWith: state.signedWith })
  const browserId = call.headers['browser-id']?.toString()
  state.sessions.set(value, { userId: user.id, expiresAt: state.now() + weekSeconds * 1000, browserId })
  return `n8n-auth=${value}; Max-Age=${weekSeconds}; Path=/; HttpOnly; SameSite=Lax`
}

/** `POST /rest/owner/setup`: the first user, once. */
export function setUp(state: N8nState, call: RemoteCall): RemoteReply {
  if (state.users.length > 0) return refuse(400, 'Instance owner already setup')
  const { data } = setUpBody.safeParse(call.body)
  if (!data) return refuse(400, 'Password must be 8 to 64 characters long.')
  const user = { id: randomId(), email: data.email, password: data.password, logins: [] }
  state.users.push(user)
  return { status: 200, headers: { 'set-cookie': openSession(state, user, call) }, body: { data: viewUser(user) } }
}

export function signOut(state: N8nState, call: RemoteCall): RemoteReply {
  const value = cookieOf(call)
  if (value === undefined || !state.sessions.delete(value)) return unauthorized
  state.ended.add(value)
  return { status: 200, headers: { 'set-cookie': 'n8n-auth=; Max-Age=0' }, body: { data: { loggedOut: true } } }
}

/** Whose session a request carries. */
export function userOf(state: N8nState, call: RemoteCall): User | undefined {
  const value = cookieOf(call) ?? ''
  const session = state.sessions.get(value)
  if (!session || state.ended.has(value) || session.expiresAt <= state.now()) return undefined
  if (session.browserId !== undefined && session.browserId !== call.headers['browser-id']) return undefined
  return state.users.find(({ id }) => id === session.userId)
}

function cookieOf({ headers }: RemoteCall): string | undefined {
  return /(?:^|;\s*)n8n-auth=([^;]+)/.exec(headers.cookie ?? '')?.[1]
}

function viewUser({ id, email }: User) {
  return { id, email, firstName: 'Test', lastName: 'User' }
}
