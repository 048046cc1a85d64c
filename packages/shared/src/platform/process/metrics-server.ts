import { createServer } from 'node:http'
import type { Config } from '../../config.ts'
import type { Registry } from './metrics.ts'

export interface MetricsServer {
  url: string
  close(): Promise<void>
}

/**
 * Serves a process's `/metrics` (Prometheus) and `/healthz`, for processes that have no API of their own.
 * @param options.healthy tells whether the process does its work just now; 503 where it does not
 * @returns undefined where no port is configured (METRICS_PORT)
 */
export async function serveMetrics(options: {
  config: Pick<Config, 'host' | 'metricsPort'>
  registry: Registry
  healthy(): boolean
}): Promise<MetricsServer | undefined> {
  const { registry, healthy, config } = options
  if (config.metricsPort === 0) return undefined
  const server = createServer(async (request, response) => {
    if (request.url === '/metrics') {
      response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics())
    } else if (request.url === '/healthz') {
      const ok = healthy()
      response
        .writeHead(ok ? 200 : 503, { 'content-type': 'application/json' })
        .end(JSON.stringify({ status: ok ? 'ok' : 'failing' }))
    } else {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.metricsPort, config.host, resolve)
  })
  return {
    url: `http://${config.host}:${config.metricsPort}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
