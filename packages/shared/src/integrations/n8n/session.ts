import { MomentryError } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { RemoteAnswer, RemoteHttp, RemoteRequest } from '../http/remote-http.ts'
import type { SessionStore } from '../integration.ts'
import { refusal, signInRefusal } from './refuse.ts'
import type { N8nCredentials } from './schemas.ts'

/** Seven days, which n8n's cookie says itself (`Max-Age`); kept where it does not. */
const sessionSeconds = 604_800
const cookieName = 'n8n-auth'
/** What may stand in a header as the cookie's value: n8n's is a JWT. */
const cookie = /^n8n-auth=([A-Za-z0-9._~+/=-]{1,4000})(?:;|$)/

export interface SessionDeps {
  http: RemoteHttp
  now: Clock
  sessions: SessionStore
  credentials: N8nCredentials
  /**
   * Makes a session one of its own, and every request must repeat it. Without one, who signs in twice within a second
   * gets the same session twice, and signing out ends both.
   */
  browserId?: string | undefined
  /** What no message may repeat, even if the server does. */
  hidden: readonly string[]
}

/** Sends requests under an account's session. */
export interface Session {
  /** @throws MomentryError where n8n refuses the account */
  send(request: RemoteRequest): Promise<RemoteAnswer>
  /** Ends the session there. Never throws. */
  signOut(): Promise<void>
}

/**
 * Opens a session when it is first needed, and keeps it: n8n lets nobody sign in more than 5 times a minute. It signs in
 * anew where n8n does not take the session any more, once per request; calls at the same time share one.
 */
export function createSession(deps: SessionDeps): Session {
  const { http, sessions, browserId } = deps
  let signingIn: Promise<string> | undefined
  const signInOnce = () => {
    signingIn ??= signIn(deps).finally(() => {
      signingIn = undefined
    })
    return signingIn
  }
  const sendAs = (session: string, request: RemoteRequest) =>
    http.send({
      ...request,
      headers: { ...request.headers, ...browserHeader(browserId), cookie: `${cookieName}=${session}` },
    })

  return {
    async send(request) {
      const first = (await sessions.load()) ?? (await signInOnce())
      const answer = await sendAs(first, request)
      if (answer.status !== 401) return answer
      // Another process may have signed in anew since.
      const newer = await sessions.load()
      if (newer !== undefined && newer !== first) {
        const again = await sendAs(newer, request)
        if (again.status !== 401) return again
      }
      await sessions.forget(newer ?? first)
      const last = await signInOnce()
      const lastAnswer = await sendAs(last, request)
      if (lastAnswer.status !== 401) return lastAnswer
      await sessions.forget(last)
      throw refusal(lastAnswer, deps.hidden)
    },
    async signOut() {
      const session = await sessions.load()
      if (session === undefined) return
      await sessions.forget(session)
      // What cannot be ended there ends by itself, in a week.
      await sendAs(session, { method: 'POST', path: '/rest/logout', repeatable: true }).catch(() => undefined)
    },
  }
}

function browserHeader(browserId: string | undefined): Record<string, string> {
  return browserId === undefined ? {} : { 'browser-id': browserId }
}

async function signIn({ http, now, sessions, credentials, browserId, hidden }: SessionDeps): Promise<string> {
  const { email, password, mfaCode } = credentials
  const answer = await http.send({
    method: 'POST',
    path: '/rest/login',
    headers: browserHeader(browserId),
    body: { emailOrLdapLoginId: email, password, ...(mfaCode !== undefined && { mfaCode }) },
    // n8n counts sign-ins by account, and not by server.
    pauses: `sign-in ${email.toLowerCase()}`,
  })
  if (answer.status !== 200) throw signInRefusal(answer, hidden)
  for (const header of answer.headers.getSetCookie()) {
    const session = cookie.exec(header)?.[1]
    if (session === undefined) continue
    const seconds = Number(/;\s*Max-Age=(\d{1,9})/i.exec(header)?.[1] ?? sessionSeconds)
    await sessions.save(session, now() + seconds * 1000)
    return session
  }
  throw new MomentryError('REMOTE_FAILED', 'n8n signed in and gave no session')
}
