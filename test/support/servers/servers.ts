import { dockerAnswers } from './docker.ts'
import type { ServerStarters } from './test-server.ts'

/** Gives the way to start servers here: containers where Docker answers, embedded servers elsewhere. */
export async function findServers(): Promise<ServerStarters> {
  if (await dockerAnswers()) return (await import('./container-servers.ts')).containerServers
  const { embeddedServers, endLeftovers } = await import('./embedded-servers.ts')
  await endLeftovers()
  return embeddedServers
}
