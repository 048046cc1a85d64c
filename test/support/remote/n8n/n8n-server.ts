import { type RemoteCall, type RemoteReply, type RemoteServer, startRemoteServer } from '../remote-server.ts'
import { changeKey, createKey, deleteKey, listKeys, rotateKey, scopesOf } from './keys.ts'
import { answerPublic } from './public-api.ts'
import { setUp, signIn, signOut, unauthorized, userOf } from './sessions.ts'
import {
  type ApiKey,
  createState,
  findUser,
  keysOf,
  type N8nState,
  type NewUser,
  putKey,
  putUser,
  randomId,
  type User,
} from './state.ts'

export interface N8nOptions {
  /** As before lists had pages, and keys could be asked about. */
  legacy?: boolean
  /** Of one address; 5 in production, and as many as one likes otherwise. */
  loginsPerMinute?: number
  port?: number
  /** Whether keys can be had at all (`N8N_PUBLIC_API_DISABLED`). */
  publicApi?: boolean
}

export interface N8nServer extends RemoteServer {
  /** The first one owns the server. */
  addUser(user: NewUser): void
  /** A user's keys with their values, newest first. */
  keys(email: string): readonly ApiKey[]
  /** Makes a key as the user would on the server's pages. */
  plantKey(email: string, label: string, scopes?: string[]): ApiKey
  /** Deletes one as the user would. */
  dropKey(id: string): void
  /** Ends all sessions, as a restart with another secret does. */
  expireSessions(): void
  /** How many are signed in. */
  sessions(): number
  /** Moves the server's clock on. */
  move(ms: number): void
}

/** A server that answers as n8n 2.40 does, as far as API keys go, over real HTTP. Knows no users at first. */
export async function startN8n(options: N8nOptions = {}): Promise<N8nServer> {
  const { port } = options
  const state = createState()
  const server = await startRemoteServer((call) => answer(state, call, options), port === undefined ? {} : { port })
  const userNamed = (email: string) => {
    const user = findUser(state, email)
    if (!user) throw new Error(`there is no user ${email}`)
    return user
  }
  return {
    ...server,
    addUser: (user) => void putUser(state, user),
    keys: (email) => keysOf(state, userNamed(email)),
    plantKey: (email, label, scopes = ['workflow:list']) =>
      putKey(state, userNamed(email), { label, scopes, expiresAt: null }),
    dropKey(id) {
      state.keys = state.keys.filter((key) => key.id !== id)
    },
    expireSessions() {
      state.sessions.clear()
      state.signedWith = randomId()
    },
    sessions: () => state.sessions.size,
    move: state.move,
  }
}

const notThere: RemoteReply = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  text: 'Cannot find it',
}

function answer(state: N8nState, call: RemoteCall, options: N8nOptions): RemoteReply {
  const { legacy = false, loginsPerMinute = 5, publicApi = true } = options
  const { method, path } = call
  const route = `${method} ${path}`
  if (route === 'GET /healthz/readiness') return { status: 200, body: { status: 'ok' } }
  if (route === 'POST /rest/login') return signIn(state, call, loginsPerMinute)
  if (route === 'POST /rest/owner/setup') return setUp(state, call)
  if (route === 'POST /rest/logout') return signOut(state, call)
  if (path.startsWith('/api/v1/') && publicApi) return answerPublic(state, call, path.slice('/api/v1'.length), legacy)
  if (!path.startsWith('/rest/api-keys')) return notThere
  const user = userOf(state, call)
  if (!user) return unauthorized(call)
  return publicApi ? answerKeys(state, user, call, legacy) : { status: 404, text: '' }
}

function answerKeys(state: N8nState, user: User, call: RemoteCall, legacy: boolean): RemoteReply {
  const [id = '', verb] = call.path.slice('/rest/api-keys'.length).split('/').slice(1)
  const route = `${call.method} ${id && (id === 'scopes' ? id : ':id')}${verb === undefined ? '' : `/${verb}`}`
  if (route === 'GET scopes') return { status: 200, body: { data: scopesOf(state, user) } }
  if (route === 'POST ') return createKey(state, user, call)
  if (route === 'GET ') return listKeys(state, user, call, legacy)
  if (route === 'DELETE :id') return deleteKey(state, user, id)
  if (route === 'PATCH :id') return changeKey(state, user, call, id)
  if (route === 'POST :id/rotate') return rotateKey(state, user, id)
  return notThere
}
