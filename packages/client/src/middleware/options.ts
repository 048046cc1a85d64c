import type { MomentryClient } from '../client.ts'
import type { UsageReporter } from '../usage/reporter.ts'
import type { ValidVerdict } from '../validation/verdict.ts'

/** What the middleware of every framework takes. */
export interface KeyCheckOptions {
  client: Pick<MomentryClient, 'validate'>
  /**
   * Told of each request's status, time and address. Without it Momentry records what it is asked: verdicts from the
   * client's memory are then no usage, and no status but that of the verdict is known.
   */
  usage?: Pick<UsageReporter, 'report'>
  /** Scopes that a key needs, all of them. */
  scopes?: readonly string[]
  /** What else a key needs: `invoices:read AND (billing OR admin)`. */
  scopeExpression?: string
  /** The header in which secrets come; `Authorization: Bearer` unless told otherwise. */
  header?: string
  /** Names the service in `WWW-Authenticate`; `api` unless told otherwise. */
  realm?: string
  /**
   * What becomes of a request while Momentry cannot be reached: `refuse` (503) unless told otherwise. `allow` lets
   * EVERYONE in, without a verdict, with any key or a made-up one: only for what may be public for a while.
   */
  onUnavailable?: 'refuse' | 'allow'
  /** Told why there was no verdict, for the service's log. */
  onError?: (error: unknown) => void
}

/** A request that may go on. */
export interface Admission {
  /** undefined where `onUnavailable: 'allow'` let it in. */
  verdict: ValidVerdict | undefined
  /** To be set on the service's answer. */
  headers: Readonly<Record<string, string>>
}

/** The answer to a request that may not. */
export interface Refusal {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}
