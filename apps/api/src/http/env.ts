import type { HttpBindings } from '@hono/node-server'
import type { KeyType } from '@momentry/shared/keys/kinds.ts'
import type { LimitOutcome } from '@momentry/shared/limits/limits.ts'

/** Who asks: the key that came as `Authorization: Bearer`, or that a session was opened with. */
export interface Caller {
  keyId: string
  name: string
  type: KeyType
  scopes: readonly string[]
  /** Which version of the key's secret was sent. */
  secretVersion: number
  /** SHA-256 of that secret. */
  digest: Buffer
  /** The session that the request came by; undefined where the secret itself was sent. */
  session: { id: string; expiresAt: Date } | undefined
}

export interface AuthenticateOptions {
  /** true: the key's limits are not asked. */
  ignoresLimits?: boolean
  /** true: the page that asks is not of our making, and sends no header of ours beside a session's cookie. */
  sendsNoHeader?: boolean
}

/** What middleware leaves for handlers. */
export interface ApiEnv {
  Bindings: HttpBindings
  Variables: {
    requestId: string
    /** Where the request came from, as far as trusted proxies tell; undefined where there is no socket. */
    address: string | undefined
    /** Set by routes with a scope. */
    caller: Caller | undefined
    /** What the limits of the caller's key said; undefined where it has none. */
    limits: LimitOutcome | undefined
    /**
     * Checks the bearer secret, or the session where no secret was sent; undefined where neither was. @throws MomentryError
     * `UNAUTHENTICATED`, `LOCKED_OUT`, `IP_NOT_ALLOWED`, `RATE_LIMITED`, `QUOTA_EXCEEDED`, `FORBIDDEN`
     */
    authenticate: (options?: AuthenticateOptions) => Promise<Caller | undefined>
  }
}
