import { randomUUID } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import type { RemoteHttp } from '../http/remote-http.ts'
import type { Access, SessionStore } from '../integration.ts'
import { n8nCredentialsSchema } from './schemas.ts'
import { createSession, type Session } from './session.ts'

/** What the requests of one account are made of. */
export interface N8nAccess {
  /** Addresses are the same in any case: in lower case. */
  owner: string
  session: Session
  /** The session is for this one time. */
  isOneTime: boolean
  /** What no message may repeat, even if the server does. */
  hidden: readonly string[]
}

/** @throws ZodError where the credentials are not those of n8n */
export function openAccess(http: RemoteHttp, now: Clock, access: Access): N8nAccess {
  const credentials = n8nCredentialsSchema.parse(access.credentials)
  const { email, password, mfaCode } = credentials
  const hidden = [password, ...(mfaCode === undefined ? [] : [mfaCode])]
  const isOneTime = access.sessions === undefined
  const sessions = access.sessions ?? ownSession()
  // What is signed out must not be a session that a connection goes on with.
  const browserId = isOneTime ? randomUUID() : undefined
  return {
    owner: email.toLowerCase(),
    session: createSession({ http, now, sessions, credentials, browserId, hidden }),
    isOneTime,
    hidden,
  }
}

/** Keeps a session for as long as its account is open. */
function ownSession(): SessionStore {
  let held: string | undefined
  return {
    load: async () => held,
    async save(session) {
      held = session
    },
    async forget(session) {
      if (held === session) held = undefined
    },
  }
}
