import { freePort, isPortFree } from '@momentry/embedded/host/free-port.ts'
import type { Config } from '@momentry/shared/config.ts'

/**
 * Gives the port of the API, after making sure that it is free; 0 is any free one.
 * @throws Error, one line for people, where it is taken
 */
export async function choosePort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<number> {
  if (port === 0) return freePort()
  if (await isPortFree(port, host)) return port
  const other = await freePort(port + 1)
  throw new Error(`Port ${port} of ${host} is taken: set PORT to another, for example: PORT=${other} npm start`)
}

/** Gives the URL by which this machine reaches what listens on `host`, which may be all addresses. */
export function localUrl(host: string, port: number): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host)
  return `http://${reachable}:${port}`
}
