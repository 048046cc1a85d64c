import { runProcess } from '@momentry/shared/platform/process/lifecycle.ts'
import { createApp } from './app.ts'
import { createValidationListener } from './validation/listener.ts'
import { serveHttp } from './wiring/serve.ts'
import { createServices } from './wiring/services.ts'

await runProcess('api', async (config, log, tracing) => {
  const services = await createServices(config, log, tracing)
  const server = await serveHttp(createApp(services), {
    host: config.host,
    port: config.port,
    before: (app) => createValidationListener(services, app),
  })
  return {
    ready: { url: server.url },
    async stop() {
      services.stop()
      await server.close()
      await services.close()
    },
  }
})
