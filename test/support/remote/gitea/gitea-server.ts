import { type RemoteServer, startRemoteServer } from '../remote-server.ts'
import { noRoute } from './replies.ts'
import { answer, type Behaviour } from './routes.ts'
import { createState, findUser, type NewUser, nextId, putToken, type Token, tokensOf, type User } from './users.ts'
import { traitsOf } from './versions.ts'

export interface GiteaOptions extends Partial<Omit<Behaviour, 'traits'>> {
  /** Below which it stands, without a slash at the end: `/git`. */
  basePath?: string
  port?: number
}

export interface GiteaServer extends RemoteServer {
  addUser(user: NewUser): void
  /** Their tokens go with them. */
  removeUser(username: string): void
  /** The former name leads to the new one. */
  renameUser(from: string, to: string): void
  setOtp(username: string, otp: string): void
  /** A user's tokens with their values, newest first. */
  tokens(username: string): readonly Token[]
  /** Makes a token as the user would on the server's pages; the name need not be free. */
  plantToken(username: string, name: string, scopes?: string[]): Token
  /** Deletes one as the user would. */
  dropToken(id: number): void
}

/**
 * A server that answers as Gitea does, as far as access tokens go (its API's source, 1.20 to 1.27), over real HTTP. Knows
 * no users at first.
 */
export async function startGitea(options: GiteaOptions = {}): Promise<GiteaServer> {
  const { basePath = '', port, version = '1.27.0', ...rest } = options
  const behaviour: Behaviour = {
    ...{ basicAuth: true, maxItems: 50, totals: true, deletesOfDoer: false },
    ...rest,
    version,
    traits: traitsOf(version),
  }
  const state = createState()
  const prefix = `${basePath}/api/v1`
  const server = await startRemoteServer(
    (call) =>
      call.path.startsWith(`${prefix}/`) ? answer(state, behaviour, call, call.path.slice(prefix.length)) : noRoute(),
    port === undefined ? {} : { port },
  )
  const userOf = (username: string): User => {
    const user = findUser(state, username)
    if (!user) throw new Error(`there is no user ${username}`)
    return user
  }
  return {
    ...server,
    url: `${server.url}${basePath}`,
    addUser: (user) => void state.users.push({ id: nextId(), ...user }),
    removeUser(username) {
      const user = userOf(username)
      state.users = state.users.filter((one) => one !== user)
      state.tokens = state.tokens.filter(({ userId }) => userId !== user.id)
    },
    renameUser(from, to) {
      userOf(from).username = to
      state.renamed.set(from.toLowerCase(), to)
    },
    setOtp(username, otp) {
      userOf(username).otp = otp
    },
    tokens: (username) => tokensOf(state, userOf(username)),
    plantToken: (username, name, scopes = ['read:user']) => putToken(state, userOf(username), name, scopes),
    dropToken(id) {
      state.tokens = state.tokens.filter((token) => token.id !== id)
    },
  }
}
