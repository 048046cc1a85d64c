import { startProcess, type TestProcess } from '../../support/processes.ts'
import { startPrivatePostgres, startPrivateRedis } from '../../support/servers/private-servers.ts'
import type { TestServer } from '../../support/servers/test-server.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

export type App = 'api' | 'worker' | 'alerter'

/** A place in the fleet: its process is another one after each death, its wires stay. */
export interface Place {
  name: string
  app: App
  process: TestProcess
  postgres: TcpProxy
  redis: TcpProxy
  /** Ends its process and starts another one. @param signal how */
  replace(signal: NodeJS.Signals, env?: Record<string, string>): Promise<void>
}

/** Two of each process, each with wires of its own to stores of the fleet's own. */
export interface FaultFleet {
  /** Of the stores themselves, past all wires. */
  env: Record<string, string>
  postgres: TestServer
  redis: TestServer
  places: Place[]
  apiUrls(): string[]
  /** Has every process drain, and gives the exit codes of those that did not end well. */
  stop(): Promise<string[]>
  close(): Promise<void>
}

/** @param env of every process, beside the stores */
export async function startFaultFleet(env: Record<string, string>): Promise<FaultFleet> {
  const [postgres, redis] = await Promise.all([startPrivatePostgres(), startPrivateRedis()])
  const direct = { ...env, DATABASE_URL: postgres.url, REDIS_URL: redis.url }
  const apps: App[] = ['api', 'api', 'worker', 'worker', 'alerter', 'alerter']
  const places = await Promise.all(
    apps.map((app, n) => startPlace({ app, name: `${app} ${(n % 2) + 1}`, env, postgres, redis })),
  )
  return {
    env: direct,
    postgres,
    redis,
    places,
    apiUrls: () => places.flatMap(({ process }) => process.url ?? []),
    async stop() {
      const codes = await Promise.all(places.map(async ({ name, process }) => ({ name, code: await process.stop() })))
      return codes.filter(({ code }) => code !== 0).map(({ name, code }) => `${name}: ${code}`)
    },
    async close() {
      await Promise.all(places.flatMap(({ postgres, redis }) => [postgres.close(), redis.close()]))
      await Promise.all([postgres.close(), redis.close()])
    },
  }
}

async function startPlace(of: {
  app: App
  name: string
  env: Record<string, string>
  postgres: TestServer
  redis: TestServer
}): Promise<Place> {
  const { app, name } = of
  const [postgres, redis] = await Promise.all([
    startTcpProxy(addressOf(of.postgres)),
    startTcpProxy(addressOf(of.redis)),
  ])
  const wired = { ...of.env, DATABASE_URL: through(of.postgres, postgres), REDIS_URL: through(of.redis, redis) }
  const place: Place = {
    ...{ name, app, postgres, redis },
    process: await startProcess(app, wired),
    async replace(signal, more = {}) {
      place.process.kill('SIGCONT')
      place.process.kill(signal)
      await place.process.exited
      // A new api listens where the old one did, as behind a load balancer.
      const port = place.process.url === undefined ? {} : { PORT: new URL(place.process.url).port }
      place.process = await startProcess(app, { ...wired, ...port, ...more })
    },
  }
  return place
}

function addressOf(server: TestServer): { host: string; port: number } {
  const { hostname, port } = new URL(server.url)
  return { host: hostname, port: Number(port) }
}

function through(server: TestServer, { port }: TcpProxy): string {
  const url = new URL(server.url)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return url.href
}
