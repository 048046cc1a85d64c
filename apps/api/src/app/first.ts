import type { Router } from '../http/router.ts'
import { createHealthRoutes } from '../routes/operation/health.ts'
import { createMetricsRoutes } from '../routes/operation/metrics.ts'
import { createUsageRoutes } from '../routes/usage.ts'
import { createValidateRoutes } from '../routes/validate.ts'
import type { Services } from '../wiring/services.ts'
import { createLayers } from './layers.ts'

/** Composes the part of the HTTP API that other programs ask all the time: services, orchestrators and Prometheus. */
export function createFirstApp(services: Services): Router {
  const app = createLayers(services)
  app.route('/', createValidateRoutes(services))
  app.route('/', createUsageRoutes(services))
  app.route('/', createHealthRoutes(services))
  app.route('/', createMetricsRoutes(services))
  return app
}
