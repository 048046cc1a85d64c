import { type RemoteCall, type RemoteReply, type RemoteServer, startRemoteServer } from '../remote-server.ts'
import { answerPublic, changeKey, createKey, deleteKey, grantable, listKeys } from './keys.ts'
import { setUp, signIn, signOut, unauthorized, userOf } from './sessions.ts'
import { type ApiKey, createState, findUser, keysOf, type N8nState, type NewUser, putKey, randomId } from './state.ts'

export interface N8nOptions {
  /** As before lists had pages, and keys could be asked about. */
  legacy?: boolean
  /** Of one account; 5 in production. */
  loginsPerMinute?: number
  port?: number
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
  const { legacy = false, loginsPerMinute = 5, port } = options
  const state = createState()
  const server = await startRemoteServer(
    (call) => answer(state, call, { legacy, loginsPerMinute }),
    port === undefined ? {} : { port },
  )
  const userNamed = (email: string) => {
    const user = findUser(state, email)
    if (!user) throw new Error(`there is no user ${email}`)
    return user
  }
  return {
    ...server,
    addUser: (user) => void state.users.push({ id: randomId(), logins: [], ...user }),
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

function answer(
  state: N8nState,
  call: RemoteCall,
  { legacy, loginsPerMinute }: { legacy: boolean; loginsPerMinute: number },
): RemoteReply {
  const { method, path } = call
  const route = `${method} ${path}`
  if (route === 'GET /healthz/readiness') return { status: 200, body: { status: 'ok' } }
  if (route === 'POST /rest/login') return signIn(state, call, loginsPerMinute)
  if (route === 'POST /rest/owner/setup') return setUp(state, call)
  if (route === 'POST /rest/logout') return signOut(state, call)
  if (path.startsWith('/api/v1/')) return answerPublic(state, call, path.slice('/api/v1'.length), legacy)
  if (!path.startsWith('/rest/api-keys')) return { status: 404, text: 'Cannot find it' }
  const user = userOf(state, call)
  if (!user) return unauthorized
  if (route === 'GET /rest/api-keys/scopes') return { status: 200, body: { data: grantable } }
  if (route === 'POST /rest/api-keys') return createKey(state, user, call)
  if (route === 'GET /rest/api-keys') return listKeys(state, user, call, legacy)
  const id = /^\/rest\/api-keys\/([^/]+)$/.exec(path)?.[1]
  if (id !== undefined && method === 'DELETE') return deleteKey(state, user, id)
  if (id !== undefined && method === 'PATCH') return changeKey(state, user, call, id)
  return { status: 404, text: 'Cannot find it' }
}
