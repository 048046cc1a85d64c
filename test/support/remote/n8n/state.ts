import { createHmac, randomBytes } from 'node:crypto'

export interface NewUser {
  email: string
  password: string
  /** The one-time code that is right at present; undefined: the user has no second factor. */
  mfaCode?: string
}

export interface User extends NewUser {
  id: string
}

export interface ApiKey {
  id: string
  userId: string
  label: string
  scopes: string[]
  value: string
  /** Seconds since 1970. */
  expiresAt: number | null
  createdAt: Date
  lastUsedAt?: Date
}

export interface Session {
  userId: string
  expiresAt: number
  /** The `browser-id` that was sent when it was opened: every later call must carry the same. */
  browserId: string | undefined
}

/** What the server keeps. */
export interface N8nState {
  /** The first one owns the server. */
  users: User[]
  /** In the order in which they were made. */
  keys: ApiKey[]
  sessions: Map<string, Session>
  /** How many sign-ins each address had, and until when they count, ms. */
  logins: Map<string, { count: number; until: number }>
  /** Those that were ended: signing in again within the same second gives the same one, which stays ended. */
  ended: Set<string>
  /** What sessions are signed with; another one ends them all. */
  signedWith: string
  /** ms; a test can move it. */
  now(): number
}

export function createState(): N8nState & { move(ms: number): void } {
  let ahead = 0
  return {
    users: [],
    keys: [],
    sessions: new Map(),
    logins: new Map(),
    ended: new Set(),
    signedWith: randomId(),
    now: () => Date.now() + ahead,
    move(ms) {
      ahead += ms
    },
  }
}

export const randomId = () => randomBytes(12).toString('base64url').replace(/[-_]/g, 'x')

/** Like the JWTs that n8n signs: a key's holds its expiry, and none of its scopes. */
export function makeJwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${body}.${createHmac('sha256', 'test').update(body).digest('base64url')}`
}

export function findUser({ users }: N8nState, email: string): User | undefined {
  return users.find((user) => user.email === email.toLowerCase())
}

/** Addresses are kept in lower case. */
export function putUser(state: N8nState, user: NewUser): User {
  const added = { ...user, id: randomId(), email: user.email.toLowerCase() }
  state.users.push(added)
  return added
}

export function isOwner({ users }: N8nState, user: User): boolean {
  return users[0] === user
}

/** Makes the value of a key. @param expiresAt seconds since 1970 */
export function makeValue(state: N8nState, user: User, expiresAt: number | null): string {
  const iat = Math.floor(state.now() / 1000)
  const claims = { sub: user.id, iss: 'n8n', aud: 'public-api', jti: randomId(), iat }
  return makeJwt(expiresAt === null ? claims : { ...claims, exp: expiresAt })
}

/** Puts a key there without asking whether its label is free. */
export function putKey(
  state: N8nState,
  user: User,
  { label, scopes, expiresAt }: Pick<ApiKey, 'label' | 'scopes' | 'expiresAt'>,
): ApiKey {
  const value = makeValue(state, user, expiresAt)
  const key = { id: randomId(), userId: user.id, label, scopes, value, expiresAt, createdAt: new Date(state.now()) }
  state.keys.push(key)
  return key
}

/** Newest first, as they are listed. */
export function keysOf({ keys }: N8nState, user: User): ApiKey[] {
  return keys.filter(({ userId }) => userId === user.id).toReversed()
}
