import { freePort } from '@momentry/embedded/host/free-port.ts'
import type { Output } from '../output.ts'
import { localUrl } from '../ports.ts'
import { type Program, programFile } from './program-file.ts'
import { type SupervisedProcess, supervise } from './supervise.ts'

export interface StartAllOptions {
  root: string
  host: string
  /** Where the API listens. */
  port: number
  /** Whether they run from their bundles, and not from their sources. */
  bundled: boolean
  /** What all of them need. */
  env: NodeJS.ProcessEnv
  output: Output
  onReady(): void
}

export interface Processes {
  api: SupervisedProcess
  worker: SupervisedProcess
  alerter: SupervisedProcess
  /** Where those that have no API show their figures. */
  metrics: { worker: string; alerter: string }
  /** Resolves when all are ready. @throws Error where one of them cannot be started */
  ready: Promise<unknown>
}

/** Starts the api, the worker and the alerter, side by side. */
export async function startAll(options: StartAllOptions): Promise<Processes> {
  const { root, host, port, bundled, env, output, onReady } = options
  const start = (name: Program, own: NodeJS.ProcessEnv) =>
    supervise({
      name,
      script: programFile(name, bundled),
      root,
      env: { ...env, ...own },
      print: (line) => output.print(name, line),
      warn: output.warn,
      onReady,
    })
  const ports = { worker: await freePort(), alerter: await freePort() }
  const api = start('api', { PORT: String(port) })
  const worker = start('worker', { METRICS_PORT: String(ports.worker) })
  const alerter = start('alerter', { METRICS_PORT: String(ports.alerter) })
  const metricsUrl = (metricsPort: number) => `${localUrl(host, metricsPort)}/metrics`
  return {
    api,
    worker,
    alerter,
    metrics: { worker: metricsUrl(ports.worker), alerter: metricsUrl(ports.alerter) },
    ready: Promise.all([api.ready, worker.ready, alerter.ready]),
  }
}
