import { randomBytes } from 'node:crypto'

export interface NewUser {
  username: string
  password: string
  email?: string
  /** The one-time code that is right at present; undefined: the user has no second factor. */
  otp?: string
  admin?: boolean
  /** Has a security key enrolled, so that Basic authentication is refused. */
  webauthn?: boolean
}

export interface User extends NewUser {
  id: number
}

export interface Token {
  id: number
  userId: number
  name: string
  value: string
  /** Normalised. */
  scopes: string[]
  createdAt: Date
  touchedAt: Date
}

/** What the server keeps. */
export interface GiteaState {
  users: User[]
  /** In the order in which they were made. */
  tokens: Token[]
  /** Former names, in lower case, and the present ones. */
  renamed: Map<string, string>
}

export function createState(): GiteaState {
  return { users: [], tokens: [], renamed: new Map() }
}

/** User names are the same in any case. */
export function findUser({ users }: GiteaState, name: string): User | undefined {
  return users.find(({ username }) => username.toLowerCase() === name.toLowerCase())
}

/** For signing in the address serves as well. */
export function findLogin(state: GiteaState, login: string): User | undefined {
  return findUser(state, login) ?? state.users.find(({ email }) => email?.toLowerCase() === login.toLowerCase())
}

let lastId = 0

/** Counts users and tokens, over all servers of a process. */
export const nextId = () => ++lastId

/** Puts a token there without asking for a name that is free. */
export function putToken({ tokens }: GiteaState, user: User, name: string, scopes: string[]): Token {
  const at = new Date()
  const value = randomBytes(20).toString('hex')
  const token = { id: nextId(), userId: user.id, name, value, scopes, createdAt: at, touchedAt: at }
  tokens.push(token)
  return token
}

/** Newest first, as they are listed. */
export function tokensOf({ tokens }: GiteaState, user: User): Token[] {
  return tokens.filter(({ userId }) => userId === user.id).toReversed()
}
