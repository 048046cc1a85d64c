import { freePort, isPortFree } from '@momentry/embedded/host/free-port.ts'
import type { Config } from '@momentry/shared/config.ts'

/**
 * Gives the port of the API, after making sure that it is free; 0 is any free one.
 * @throws Error, one line for people, where it is taken or cannot be listened on
 */
export async function choosePort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<number> {
  const isFree = await isPortFree(port, host).catch((error: unknown) => {
    throw new Error(explain(error, host, port), { cause: error })
  })
  if (isFree) return port === 0 ? freePort() : port
  const other = await freePort(port + 1)
  throw new Error(`Port ${port} of ${host} is taken: set PORT to another, for example: PORT=${other} npm start`)
}

function explain(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  if (code === 'EACCES') return `PORT: this account may not listen on port ${port}; set PORT to 1024 or above`
  return `HOST: ${host} is no address that this machine can listen on (${code})`
}

/** Gives the URL by which this machine reaches what listens on `host`, which may be all addresses. */
export function localUrl(host: string, port: number): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host)
  return `http://${reachable}:${port}`
}
