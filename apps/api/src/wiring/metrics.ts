import { Counter, Gauge, Histogram, type Registry } from '@momentry/shared/platform/process/metrics.ts'

/** What the api counts of itself. */
export function createApiMetrics(registry: Registry) {
  return {
    requests: new Histogram({
      name: 'momentry_http_request_duration_seconds',
      help: 'Requests by route, method and status, and how long they took',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers: [registry],
    }),
    validations: new Counter({
      name: 'momentry_validations_total',
      help: 'Validations by their code',
      labelNames: ['code'] as const,
      registers: [registry],
    }),
    lockedOut: new Counter({
      name: 'momentry_lockout_refusals_total',
      help: 'Requests refused because their address is locked out',
      registers: [registry],
    }),
  }
}

export type ApiMetrics = ReturnType<typeof createApiMetrics>

/** Shows a figure that something else keeps, read when the metrics are. */
export function showGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read())
    },
  })
}
