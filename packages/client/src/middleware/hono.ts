import { IncomingMessage } from 'node:http'
import type { ValidVerdict } from '../validation/verdict.ts'
import { createKeyCheck } from './check-key.ts'
import type { KeyCheckOptions } from './options.ts'

/** What of a Hono context the middleware uses. */
interface HonoContext {
  req: { header(name: string): string | undefined }
  res: { status: number }
  /** Of `@hono/node-server`, where the app runs on it: the address is read from there. */
  env: unknown
  header(name: string, value: string): void
}

export interface HonoKeyCheckOptions<C> extends KeyCheckOptions {
  /** Tells who sent a request; the other end of the connection unless told otherwise, which behind a proxy is the proxy. */
  clientIp?: (c: C) => string | undefined
}

/** For `new Hono<KeyCheckEnv>()`: handlers find the verdict by `c.var.momentry`. */
export interface KeyCheckEnv {
  Variables: {
    /** undefined where `onUnavailable: 'allow'` let the request in. */
    momentry: ValidVerdict | undefined
  }
}

/**
 * Makes middleware for Hono that lets in requests with a good key.
 * @example app.use('/v1/*', requireKey({ client, usage, scopes: ['invoices:read'] }))
 */
export function requireKey<C extends HonoContext & { set(key: 'momentry', value: ValidVerdict | undefined): void }>(
  options: HonoKeyCheckOptions<C>,
): (c: C, next: () => Promise<void>) => Promise<Response | undefined> {
  const check = createKeyCheck(options)
  const addressOf = options.clientIp ?? socketAddress
  return async (c, next) => {
    const startedAt = performance.now()
    const ip = addressOf(c)
    const decision = await check.decide({ header: c.req.header(check.headerName), ip })
    if (!decision.allowed) return new Response(decision.body, decision)
    c.set('momentry', decision.verdict)
    await next()
    for (const [name, value] of Object.entries(decision.headers)) c.header(name, value)
    check.report(decision, { status: c.res.status, ip, startedAt })
    return undefined
  }
}

function socketAddress({ env }: Pick<HonoContext, 'env'>): string | undefined {
  const incoming = typeof env === 'object' && env !== null && 'incoming' in env ? env.incoming : undefined
  return incoming instanceof IncomingMessage ? incoming.socket.remoteAddress : undefined
}
