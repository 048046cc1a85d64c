import { type Dispatcher, EnvHttpProxyAgent } from 'undici'
import type { ProxySettings } from '../integration.ts'

export interface DispatcherOptions {
  /** Certificate authorities, PEM, in place of the usual ones. */
  ca?: string | undefined
  proxy?: ProxySettings | undefined
  timeoutMs: number
}

/** Makes what requests to other systems go through: by a proxy where one is set, and with our own certificate authorities. */
export function createDispatcher({ ca, proxy, timeoutMs }: DispatcherOptions): Dispatcher {
  const tls = ca === undefined ? {} : { ca }
  return new EnvHttpProxyAgent({
    // An empty text keeps it from reading the environment, which was parsed once, elsewhere.
    httpProxy: proxy?.http ?? '',
    httpsProxy: proxy?.https ?? '',
    noProxy: proxy?.none ?? '',
    connect: { ...tls, timeout: timeoutMs },
    requestTls: { ...tls, timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })
}
