import type { IncomingHttpHeaders } from 'node:http'
import type { ValidVerdict } from '../validation/verdict.ts'
import { createKeyCheck, type KeyCheck } from './check-key.ts'
import type { Admission, KeyCheckOptions } from './options.ts'

/** What of a Fastify request the plugin uses. */
interface FastifyRequest {
  headers: IncomingHttpHeaders
  /** By the app's option `trustProxy`. */
  ip: string
}

interface FastifyReply {
  statusCode: number
  code(status: number): unknown
  headers(headers: Record<string, string>): unknown
  send(body: string): unknown
}

interface FastifyApp {
  hasRequestDecorator(name: string): boolean
  decorateRequest(name: string, value: null): unknown
  addHook(
    name: 'onRequest' | 'onResponse',
    hook: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  ): unknown
}

export interface FastifyKeyCheckOptions extends KeyCheckOptions {
  /** Tells who sent a request; `request.ip` unless told otherwise. */
  clientIp?: (request: FastifyRequest) => string | undefined
}

/** Of a request that the plugin has seen: `declare module 'fastify' { interface FastifyRequest extends KeyCheckedRequest {} }`. */
export interface KeyCheckedRequest {
  /** null where `onUnavailable: 'allow'` let the request in. */
  momentry: ValidVerdict | null
}

/**
 * Makes a plugin for Fastify that lets in requests with a good key, to all routes of the context that registers it.
 * Handlers find the verdict by `request.momentry`.
 * @example await app.register(requireKey({ client, usage, scopes: ['invoices:read'] }))
 */
export function requireKey(options: FastifyKeyCheckOptions) {
  const check = createKeyCheck(options)
  const addressOf = options.clientIp ?? ((request) => request.ip)
  const admitted = new WeakMap<FastifyRequest, Parameters<KeyCheck['report']>[1] & { admission: Admission }>()

  const onRequest = async (request: FastifyRequest & Partial<KeyCheckedRequest>, reply: FastifyReply) => {
    const startedAt = performance.now()
    const ip = addressOf(request)
    const header = request.headers[check.headerName]
    const decision = await check.decide({ header: typeof header === 'string' ? header : undefined, ip })
    reply.headers(decision.headers)
    if (!decision.allowed) {
      reply.code(decision.status)
      return reply.send(decision.body)
    }
    request.momentry = decision.verdict ?? null
    admitted.set(request, { admission: decision, status: 0, ip, startedAt })
    return undefined
  }

  const onResponse = async (request: FastifyRequest, reply: FastifyReply) => {
    const seen = admitted.get(request)
    if (seen) check.report(seen.admission, { ...seen, status: reply.statusCode })
  }

  const plugin = (app: FastifyApp, _options: unknown, done: () => void) => {
    if (!app.hasRequestDecorator('momentry')) app.decorateRequest('momentry', null)
    app.addHook('onRequest', onRequest)
    app.addHook('onResponse', onResponse)
    done()
  }
  // Without this, a plugin's hooks are for its own routes, and it has none.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}
