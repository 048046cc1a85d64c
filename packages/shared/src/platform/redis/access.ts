import { readFileSync } from 'node:fs'
import { MomentryError } from '../../errors.ts'

/** How Redis is reached where a URL does not say it all. */
export interface RedisAccess {
  /** The name of the master that the sentinels of the URL watch; undefined: it names no sentinels. */
  sentinelName?: string | undefined
  /** Certificate authorities, PEM, in place of the usual ones. */
  ca?: string | undefined
}

/**
 * Reads what a file of certificate authorities holds.
 * @param file undefined: none is configured
 * @throws MomentryError `CONFIG_INVALID`
 */
export function readAuthorities(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new MomentryError('CONFIG_INVALID', `REDIS_CA_FILE: ${file} cannot be read`, { cause: error })
  }
}

export interface Place {
  host: string
  port: number
}

/** Where the server of a URL is. */
export function placeOf(url: string, defaultPort = 6379): Place {
  const { hostname, port } = new URL(url)
  // A URL has an IPv6 address in brackets, a socket wants it without.
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || defaultPort) }
}

/** User, password and TLS of a URL, for servers that only a cluster or a sentinel tells of. */
export function accessOf(
  url: string,
  { ca }: RedisAccess,
): { username?: string; password?: string; tls?: { ca?: string } } {
  const { username, password, protocol } = new URL(url)
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: ca === undefined ? {} : { ca } }),
  }
}

/**
 * What finds a master by its sentinels: their URLs tell where they are; user, password, database and TLS of the first are
 * those of the master, and of the sentinels themselves TLS alone.
 */
export function sentinelOptions(urls: readonly string[], name: string, access: RedisAccess) {
  const [first = ''] = urls
  const { tls, ...user } = accessOf(first, access)
  const database = Number(new URL(first).pathname.slice(1) || 0)
  return {
    name,
    sentinels: urls.map((url) => placeOf(url, 26_379)),
    ...user,
    ...(Number.isInteger(database) && { db: database }),
    ...(tls && { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
  }
}
