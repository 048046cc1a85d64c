import type { Context as VerbContext } from '@momentry/shared/platform/context.ts'
import type { Context } from 'hono'
import type { Services } from '../wiring/services.ts'
import type { ApiEnv, Caller } from './env.ts'

/** The caller of a route with a scope. */
export function callerOf(c: Context<ApiEnv>): Caller {
  const caller = c.get('caller')
  if (!caller) throw new Error('a route without a scope asked for its caller')
  return caller
}

/** What verbs are given: on whose behalf, from where, by which request. */
export function contextOf(c: Context<ApiEnv>, services: Services): VerbContext {
  const caller = callerOf(c)
  return {
    db: services.postgres.db,
    actor: { keyId: caller.keyId, scopes: caller.scopes, address: c.get('address') },
    requestId: c.get('requestId'),
    now: services.now,
    publishChanges: services.publishChanges,
    signer: services.signer,
    traceparent: services.tracing.current(),
  }
}
