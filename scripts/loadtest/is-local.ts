import { isIPv4 } from 'node:net'

/** Tells whether a URL leads to this machine, by its name alone: nothing is asked, so nothing can be answered wrongly. */
export function isLocal(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}
