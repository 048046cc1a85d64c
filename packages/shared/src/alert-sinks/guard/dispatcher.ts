import { isIP } from 'node:net'
import type { Dispatcher } from 'undici'
import { createAllowedHosts, hostOf, type Place } from './allowed-host.ts'
import { type CheckedLookupOptions, createCheckedLookup } from './checked-lookup.ts'
import { isPublicAddress } from './public-address.ts'
import { refusedAddress } from './refused-address.ts'

export interface SinkDispatcherOptions extends CheckedLookupOptions {
  /** What is trusted wherever it leads: `ALERT_SINK_HOSTS`. */
  hosts: readonly string[]
  /** Serves what is trusted, and nothing else: what a proxy resolves a name to, nobody here can look at. */
  proxy: { http?: string | undefined; https?: string | undefined; none?: string | undefined }
  /** How long one answer may take, ms. */
  timeoutMs: number
}

/** The ways that messages take. */
export interface SinkDispatcher {
  /** Gives the way to a URL: as it is, or by a proxy, where the host is trusted; else to public addresses only. */
  to(url: URL): Dispatcher
  /** Cuts what is under way. */
  close(): Promise<void>
}

/**
 * Makes the ways that messages take to HTTP receivers. undici is loaded here, so this is not called before the first one.
 * Whoever may make sinks need not be who runs Momentry, so no sink reaches what only Momentry's network reaches.
 */
export async function createSinkDispatcher(options: SinkDispatcherOptions): Promise<SinkDispatcher> {
  const { hosts, proxy, timeoutMs, isPublic = isPublicAddress } = options
  const { Agent, EnvHttpProxyAgent, buildConnector } = await import('undici')
  const isAllowed = createAllowedHosts(hosts)
  const connectTimeout = Math.ceil(timeoutMs / 2)
  const common = { allowH2: false, headersTimeout: timeoutMs, bodyTimeout: timeoutMs, keepAliveTimeout: 4_000 }
  const connectPublic = buildConnector({
    allowH2: false,
    timeout: connectTimeout,
    lookup: createCheckedLookup(options),
  })
  const guarded = new Agent({
    ...common,
    connect(place, callback) {
      // A socket looks no address up, so literal ones are looked at here.
      const literal = place.hostname.replace(/^\[|\]$/g, '')
      if (isIP(literal) !== 0 && !isPublic(literal)) callback(refusedAddress(hostOf(place)), null)
      else connectPublic(place, callback)
    },
  })
  const trusted = new EnvHttpProxyAgent({
    ...common,
    connect: { allowH2: false, timeout: connectTimeout },
    // Empty texts keep it from reading the environment, which was parsed once, elsewhere.
    httpProxy: proxy.http ?? '',
    httpsProxy: proxy.https ?? '',
    noProxy: proxy.none ?? '',
  })
  return {
    to: (url) => (isAllowed(placeOf(url)) ? trusted : guarded),
    async close() {
      await Promise.all([guarded.destroy(), trusted.destroy()])
    },
  }
}

function placeOf({ protocol, hostname, port }: URL): Place {
  return { protocol, hostname, port }
}
