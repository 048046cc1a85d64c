import { freePort, isPortFree } from '@momentry/embedded/host/free-port.ts'
import { PostgreSqlContainer } from '@testcontainers/postgresql'
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers'
import { docker } from './docker.ts'
import type { ServerStarters, TestServer } from './test-server.ts'

const postgresPort = 5432
const redisPort = 6379
const startupMs = 180_000

/** Servers in containers, by Testcontainers. Their ports are bound to fixed ones, which outlive a stop. */
export const containerServers: ServerStarters = {
  startPostgres: async () => {
    const port = await freePort()
    const container = await new PostgreSqlContainer('postgres:18')
      .withExposedPorts({ container: postgresPort, host: port })
      .withCommand(['postgres', '-c', 'max_connections=300', '-c', 'fsync=off'])
      .withStartupTimeout(startupMs)
      .start()
    return control(container, container.getConnectionUri(), port)
  },
  startRedis: async () => {
    const port = await freePort()
    const container = await new GenericContainer('redis:8')
      .withExposedPorts({ container: redisPort, host: port })
      .withCommand(['redis-server', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'])
      .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
      .withStartupTimeout(startupMs)
      .start()
    return control(container, `redis://${container.getHost()}:${port}`, port)
  },
}

function control(container: StartedTestContainer, url: string, port: number): TestServer {
  const id = container.getId()
  return {
    url,
    stop: () => docker('stop', id),
    kill: () => docker('kill', id),
    start: async () => {
      await docker('start', id)
      await listens(port)
    },
    close: async () => {
      await container.stop()
    },
  }
}

async function listens(port: number): Promise<void> {
  const deadline = Date.now() + startupMs
  while (await isPortFree(port, '0.0.0.0')) {
    if (Date.now() > deadline) throw new Error(`nothing listens on port ${port}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
