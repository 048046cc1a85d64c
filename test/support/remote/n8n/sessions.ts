import { z } from 'zod'
import type { RemoteCall, RemoteReply } from '../remote-server.ts'
import { loginBody, refuse, refuseIssue } from './issues.ts'
import { findUser, makeJwt, type N8nState, putUser, type User } from './state.ts'

const weekSeconds = 604_800
const minuteMs = 60_000
const setUpBody = z.object({
  email: z.email(),
  firstName: z.string().min(1),
  lastName: z.string().min(1),
  password: z.string().min(8).max(64).regex(/\d/).regex(/[A-Z]/),
})
const noCookie = 'n8n-auth=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'

/** Takes back a cookie that is good for nothing. */
export function unauthorized(call: RemoteCall): RemoteReply {
  const headers = cookieOf(call) === undefined ? {} : { 'set-cookie': noCookie }
  return { status: 401, headers, body: { status: 'error', message: 'Unauthorized' } }
}

/** `POST /rest/login`. Successful ones count, too. */
export function signIn(state: N8nState, call: RemoteCall, loginsPerMinute: number): RemoteReply {
  const { data, error } = loginBody.safeParse(call.body)
  const seconds = data ? busySeconds(state, data.emailOrLdapLoginId, loginsPerMinute) : 0
  if (seconds > 0) {
    const headers = { 'retry-after': String(seconds), 'content-type': 'text/html; charset=utf-8' }
    return { status: 429, headers, text: 'Too many requests, please try again later.' }
  }
  if (error) return refuseIssue(error)
  if (!z.email().safeParse(data.emailOrLdapLoginId).success) return refuse(400, 'Invalid email address')
  const user = findUser(state, data.emailOrLdapLoginId)
  if (user?.password !== data.password) return refuse(401, 'Wrong username or password. Do you have caps lock on?')
  if (user.mfaCode !== undefined && !data.mfaCode) return refuse(401, 'MFA Error', 998)
  if (user.mfaCode !== undefined && user.mfaCode !== data.mfaCode)
    return refuse(401, 'Invalid mfa token or recovery code')
  return { status: 200, headers: { 'set-cookie': openSession(state, user, call) }, body: { data: viewUser(user) } }
}

/** Counts a sign-in, by the address as it is spelt, whether anybody has it or not. @returns 0 where it may be tried */
function busySeconds(state: N8nState, address: string, loginsPerMinute: number): number {
  const now = state.now()
  const open = state.logins.get(address)
  const minute = open && open.until > now ? open : { count: 0, until: now + minuteMs }
  minute.count += 1
  state.logins.set(address, minute)
  return minute.count > loginsPerMinute ? Math.ceil((minute.until - now) / 1000) : 0
}

function openSession(state: N8nState, user: User, call: RemoteCall): string {
  const browserId = call.headers['browser-id']?.toString()
  const value = makeJwt({ id: user.id, iat: Math.floor(state.now() / 1000), browserId, signedWith: state.signedWith })
  state.sessions.set(value, { userId: user.id, expiresAt: state.now() + weekSeconds * 1000, browserId })
  return `n8n-auth=${value}; Max-Age=${weekSeconds}; Path=/; HttpOnly; SameSite=Lax`
}

/** `POST /rest/owner/setup`: the first user, once. */
export function setUp(state: N8nState, call: RemoteCall): RemoteReply {
  if (state.users.length > 0) return refuse(400, 'Instance owner already setup')
  const { data } = setUpBody.safeParse(call.body)
  if (!data) return refuse(400, 'Password must be 8 to 64 characters long.')
  const user = putUser(state, { email: data.email, password: data.password })
  return { status: 200, headers: { 'set-cookie': openSession(state, user, call) }, body: { data: viewUser(user) } }
}

export function signOut(state: N8nState, call: RemoteCall): RemoteReply {
  const value = cookieOf(call)
  if (value === undefined || !userOf(state, call)) return unauthorized(call)
  state.sessions.delete(value)
  state.ended.add(value)
  return { status: 200, headers: { 'set-cookie': noCookie }, body: { data: { loggedOut: true } } }
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
