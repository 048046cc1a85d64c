import { fileURLToPath } from 'node:url'
import { createLayers } from './app/layers.ts'
import { createBuildReader } from './console/build.ts'
import type { Router } from './http/router.ts'
import { createDeliveryRoutes } from './routes/alert-sinks/deliveries.ts'
import { createSinkRoutes } from './routes/alert-sinks/sinks.ts'
import { createAlertSilenceRoutes } from './routes/alerts/alert-silences.ts'
import { createAlertRoutes } from './routes/alerts/alerts.ts'
import { createAnomaliesRoutes } from './routes/anomalies/anomalies.ts'
import { createAnomalyRoutes } from './routes/anomalies/anomaly.ts'
import { createAnomalySummaryRoutes } from './routes/anomalies/anomaly-summary.ts'
import { createBackTestRoutes } from './routes/anomalies/back-test.ts'
import { createBackupLookRoutes } from './routes/backups/look.ts'
import { createBackupWorkRoutes } from './routes/backups/work.ts'
import { createConsoleRoutes } from './routes/console.ts'
import { createIntegrationRoutes } from './routes/integrations/integrations.ts'
import { createKeysRoutes } from './routes/keys.ts'
import { createLeakRoutes } from './routes/leaks.ts'
import { createAuditRoutes } from './routes/operation/audit.ts'
import { createDocsRoutes } from './routes/operation/docs.ts'
import { createHealthRoutes } from './routes/operation/health.ts'
import { createJobsRoutes } from './routes/operation/jobs.ts'
import { createLockoutRoutes } from './routes/operation/lockouts.ts'
import { createMetricsRoutes } from './routes/operation/metrics.ts'
import { createSettingsRoutes } from './routes/operation/settings.ts'
import { createSystemRoutes } from './routes/operation/system.ts'
import { createQueuesBoardRoutes } from './routes/queues-board.ts'
import { createRotationsRoutes } from './routes/rotations.ts'
import { createSessionRoutes } from './routes/session.ts'
import { createStatsRoutes } from './routes/stats.ts'
import { createUsageRoutes } from './routes/usage.ts'
import { createValidateRoutes } from './routes/validate.ts'
import { createValidationsRoutes } from './routes/validations.ts'
import type { Services } from './wiring/services.ts'

/** Where `npm run build` puts the console. */
const consoleFolder = fileURLToPath(new URL('../../console/dist', import.meta.url))

/** Composes the whole HTTP API. A new resource is a file in routes/ and a line here. */
export function createApp(services: Services): Router {
  const app = createLayers(services)
  // Before keys: its path would else be read as the id of a key.
  app.route('/', createValidateRoutes(services))
  app.route('/', createKeysRoutes(services))
  app.route('/', createRotationsRoutes(services))
  app.route('/', createUsageRoutes(services))
  app.route('/', createStatsRoutes(services))
  app.route('/', createValidationsRoutes(services))
  app.route('/', createAnomalySummaryRoutes(services))
  app.route('/', createBackTestRoutes(services))
  app.route('/', createAnomaliesRoutes(services))
  app.route('/', createAlertRoutes(services))
  app.route('/', createAlertSilenceRoutes(services))
  app.route('/', createSinkRoutes(services))
  app.route('/', createDeliveryRoutes(services))
  app.route('/', createAuditRoutes(services))
  app.route('/', createJobsRoutes(services))
  app.route('/', createIntegrationRoutes(services))
  app.route('/', createLockoutRoutes(services))
  app.route('/', createSettingsRoutes(services))
  app.route('/', createSystemRoutes(services))
  app.route('/', createLeakRoutes(services))
  app.route('/', createBackupWorkRoutes(services))
  app.route('/', createBackupLookRoutes(services))
  app.route('/', createSessionRoutes(services))
  // After what has a word in the place of an anomaly's id.
  app.route('/', createAnomalyRoutes(services))
  app.route('/', createHealthRoutes(services))
  app.route('/', createMetricsRoutes(services))
  app.route('/', createDocsRoutes(app))
  // Before the console's pages, of which each path else is one.
  app.route('/', createQueuesBoardRoutes(services))
  app.route('/', createConsoleRoutes(createBuildReader(consoleFolder)))
  return app
}
