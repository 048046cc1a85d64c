import { X509Certificate } from 'node:crypto'
import type { Dispatcher } from 'undici'
import { MomentryError } from '../../errors.ts'
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

/** What requests to one system go through. */
export interface LazyDispatcher {
  /** Opens it at the first call, which loads undici: most processes never ask another system. */
  open(): Promise<Dispatcher>
  /** Cuts what is under way. */
  close(): Promise<void>
}

/**
 * Makes what requests to one system go through: by a proxy where one is set, and with our own certificate authorities.
 * @throws MomentryError `CONFIG_INVALID` where those hold no certificate
 */
export function createDispatcher(options: DispatcherOptions): LazyDispatcher {
  if (options.ca !== undefined) checkAuthorities(options.ca)
  let opened: Promise<Dispatcher> | undefined
  return {
    open: () => (opened ??= openDispatcher(options)),
    async close() {
      await opened?.then(
        (dispatcher) => dispatcher.destroy(),
        () => undefined,
      )
    },
  }
}

async function openDispatcher({ server, ca, proxy, timeoutMs }: DispatcherOptions): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import('undici')
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

/** TLS takes an empty text for none, and would trust the usual authorities; other texts it takes without a word. */
function checkAuthorities(ca: string): void {
  try {
    new X509Certificate(ca)
  } catch {
    throw new MomentryError('CONFIG_INVALID', 'INTEGRATION_CA_FILE: holds no certificate in PEM')
  }
}
