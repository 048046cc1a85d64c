import { createHmac, randomBytes } from 'node:crypto'

export interface NewUser {
  email: string
  password: string
  /** The one-time code that is right at present; undefined: the user has no second factor. */
  mfaCode?: string
}

export interface User extends NewUser {
  id: string
  /** When it signed in of late, ms. */
  logins: number[]
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
}

export interface Session {
  userId: string
  expiresAt: number
  /** The `browser-id` that was sent when it was opened: every later call must carry the same. */
  browserId: string | undefined
}

/** What the server keeps. */
export interface N8nState {
  users: User[]
  /** In the order in which they were made. */
  keys: ApiKey[]
  sessions: Map<string, Session>
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
  return users.find((user) => user.email.toLowerCase() === email.toLowerCase())
}

/** Puts a key there without asking whether its label is free. */
export function putKey(
  state: N8nState,
  user: User,
  { label, scopes, expiresAt }: Pick<ApiKey, 'label' | 'scopes' | 'expiresAt'>,
): ApiKey {
  const iat = Math.floor(state.now() / 1000)
  const claims = { sub: user.id, iss: 'n8n', aud: 'public-api', jti: randomId(), iat }
  const value = makeJwt(expiresAt === null ? claims : { ...claims, exp: expiresAt })
  const key = { id: randomId(), userId: user.id, label, scopes, value, expiresAt, createdAt: new Date(state.now()) }
  state.keys.push(key)
  return key
}

/** Newest first, as they are listed. */
export function keysOf({ keys }: N8nState, user: User): ApiKey[] {
  return keys.filter(({ userId }) => userId === user.id).toReversed()
}
