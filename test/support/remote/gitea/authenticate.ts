import type { RemoteCall } from '../remote-server.ts'
import { findLogin, type GiteaState, type Token, type User } from './users.ts'

/** Who asks: nobody, a user with a password, or one with a token. */
export interface Doer {
  user?: User
  token?: Token
}

/** @returns undefined where what came along is refused */
export function authenticate(state: GiteaState, call: RemoteCall, takesBasic: boolean): Doer | undefined {
  // Tokens in the query string are refused here at once: a request that holds one would be in the logs of all proxies.
  if (call.query.has('token') || call.query.has('access_token')) return undefined
  const [scheme = '', value = '', ...more] = (call.headers.authorization ?? '').split(' ')
  if (scheme === '' || more.length > 0) return {}
  if (/^(token|bearer)$/i.test(scheme)) return byToken(state, value)
  if (/^basic$/i.test(scheme)) return takesBasic ? byPassword(state, call, value) : {}
  return {}
}

function byToken(state: GiteaState, value: string): Doer | undefined {
  const token = state.tokens.find((one) => one.value === value)
  const user = state.users.find(({ id }) => id === token?.userId)
  if (!token || !user) return undefined
  token.touchedAt = new Date()
  return { user, token }
}

function byPassword(state: GiteaState, call: RemoteCall, value: string): Doer | undefined {
  const [, login = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8')) ?? []
  // A token in the place of the password is a token, and no password.
  if (state.tokens.some((token) => token.value === password)) return byToken(state, password)
  const user = findLogin(state, login)
  if (user?.password !== password || user.webauthn) return undefined
  return user.otp === undefined || call.headers['x-gitea-otp'] === user.otp ? { user } : undefined
}
