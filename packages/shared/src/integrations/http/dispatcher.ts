import { type Dispatcher, EnvHttpProxyAgent } from 'undici'
import type { ProxySettings } from '../integration.ts'

export interface DispatcherOptions {
  /** The base URL of the only system that is asked. */
  server: string
  /** Certificate authorities, PEM, in place of the usual ones. */
  ca?: string | undefined
  proxy?: ProxySettings | undefined
  /** How long one answer may take, ms. */
  timeoutMs: number
}

/** Makes what requests to one system go through: by a proxy where one is set, and with our own certificate authorities. */
export function createDispatcher({ server, ca, proxy, timeoutMs }: DispatcherOptions): Dispatcher {
  // Left to itself, undici would take the proxy of http:// for https:// as well. An empty text keeps it from reading the
  // environment, which was parsed once, elsewhere.
  const chosen = (new URL(server).protocol === 'https:' ? proxy?.https : proxy?.http) ?? ''
  // Half of the time, so that "cannot connect", after which every request may be sent again, is known before the whole
  // time is over.
  const connectTimeout = Math.ceil(timeoutMs / 2)
  // HTTP/1.1 alone: one connection that breaks takes one request with it.
  const connect = { ...(ca !== undefined && { ca }), allowH2: false, timeout: connectTimeout }
  return new EnvHttpProxyAgent({
    httpProxy: chosen,
    httpsProxy: chosen,
    noProxy: proxy?.none ?? '',
    allowH2: false,
    connectTimeout,
    connect,
    requestTls: connect,
    proxyTls: connect,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })
}
