import { runProcess } from '@momentry/shared/platform/process/lifecycle.ts'
import { openApp } from './app/open.ts'
import { createValidationListener } from './validation/listener.ts'
import { serveHttp } from './wiring/serve.ts'
import { createServices } from './wiring/services.ts'

await runProcess('api', async (config, log, tracing) => {
  const services = await createServices(config, log, tracing)
  const app = openApp(services)
  const server = await serveHttp(app, {
    host: config.host,
    port: config.port,
    before: (whole) => createValidationListener(services, whole),
  })
  // Once it is told that this process is ready, and before anybody asks for more than it is ready for. A process that cannot
  // load its own modules ends by that.
  setImmediate(() => void app.complete())
  return {
    ready: { url: server.url },
    async stop() {
      services.stop()
      await server.close()
      await services.close()
    },
  }
})
