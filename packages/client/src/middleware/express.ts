import type { IncomingHttpHeaders } from 'node:http'
import { createKeyCheck } from './check-key.ts'
import type { KeyCheckOptions } from './options.ts'

/** What of an Express request the middleware uses. */
interface ExpressRequest {
  headers: IncomingHttpHeaders
  /** By the app's setting `trust proxy`. */
  ip?: string | undefined
}

interface ExpressResponse {
  statusCode: number
  locals: Record<string, unknown>
  setHeader(name: string, value: string): unknown
  end(body?: string): unknown
  once(event: 'close', listener: () => void): unknown
}

export interface ExpressKeyCheckOptions<Q> extends KeyCheckOptions {
  /** Tells who sent a request; `req.ip` unless told otherwise. */
  clientIp?: (req: Q) => string | undefined
}

/**
 * Makes middleware for Express that lets in requests with a good key. Handlers find the verdict in `res.locals.momentry`
 * (undefined where `onUnavailable: 'allow'` let the request in).
 * @example app.use('/v1', requireKey({ client, usage, scopes: ['invoices:read'] }))
 */
export function requireKey<Q extends ExpressRequest>(
  options: ExpressKeyCheckOptions<Q>,
): (req: Q, res: ExpressResponse, next: (error?: unknown) => void) => void {
  const check = createKeyCheck(options)
  const addressOf = options.clientIp ?? ((req) => req.ip)

  const handle = async (req: Q, res: ExpressResponse): Promise<boolean> => {
    const startedAt = performance.now()
    const ip = addressOf(req)
    const header = req.headers[check.headerName]
    const decision = await check.decide({ header: typeof header === 'string' ? header : undefined, ip })
    for (const [name, value] of Object.entries(decision.headers)) res.setHeader(name, value)
    if (decision.allowed) {
      res.locals['momentry'] = decision.verdict
      res.once('close', () => check.report(decision, { status: res.statusCode, ip, startedAt }))
    } else {
      res.statusCode = decision.status
      res.end(decision.body)
    }
    return decision.allowed
  }

  // Express 4 knows nothing of promises: no rejection may leave here.
  return (req, res, next) => void handle(req, res).then((allowed) => allowed && next(), next)
}
