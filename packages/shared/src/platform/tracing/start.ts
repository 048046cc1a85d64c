import type { Config } from '../../config.ts'
import type { Logger } from '../process/log.ts'
import { noTracing, type Tracing } from './tracing.ts'

/**
 * Starts tracing where the configuration names somebody to send traces to. Otherwise nothing of OpenTelemetry is loaded.
 * @param process its name: the service is `momentry-<process>`, where the configuration has no other name
 */
export async function startTracing(config: Config['tracing'], process: string, log: Logger): Promise<Tracing> {
  if (config === undefined) return noTracing
  const { createTracing } = await import('./open-telemetry.ts')
  return createTracing({ ...config, serviceName: config.serviceName ?? `momentry-${process}` }, log)
}
