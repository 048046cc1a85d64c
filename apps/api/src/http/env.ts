import type { HttpBindings } from '@hono/node-server'
import type { LimitOutcome } from '@momentry/shared/limits/limits.ts'

/** Who asks: the key that came as `Authorization: Bearer`. */
export interface Caller {
  keyId: string
  scopes: readonly string[]
  /** Which version of the key's secret was sent. */
  secretVersion: number
  /** SHA-256 of that secret. */
  digest: Buffer
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
     * Checks the bearer secret; undefined where none was sent. @throws MomentryError `UNAUTHENTICATED`, `LOCKED_OUT`,
     * `IP_NOT_ALLOWED`, `RATE_LIMITED`, `QUOTA_EXCEEDED`
     */
    authenticate: (options?: { ignoresLimits: boolean }) => Promise<Caller | undefined>
  }
}
