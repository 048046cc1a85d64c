import { createServer } from 'node:net'
import getPort from 'get-port'

/**
 * Tells whether nothing listens on a TCP port of a host just now. With port 0 it only tries the host.
 * @throws Error, Node's own with its `code`, where this machine or this account cannot listen there at all
 */
export function isPortFree(port: number, host: string): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Gives a free port of 127.0.0.1: the preferred one where it can be had, any other otherwise. */
export async function freePort(preferred?: number | undefined): Promise<number> {
  const isFree = preferred !== undefined && (await isPortFree(preferred, '127.0.0.1').catch(() => false))
  return isFree ? preferred : getPort({ host: '127.0.0.1' })
}
