import { createServer } from 'node:net'
import getPort from 'get-port'

/** Tells whether nothing listens on a TCP port of a host just now. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Gives a free port of 127.0.0.1: the preferred one where it is free, any other otherwise. */
export async function freePort(preferred?: number | undefined): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred, '127.0.0.1'))) return preferred
  return getPort({ host: '127.0.0.1' })
}
