import { Counter, Gauge, type Registry } from '@momentry/shared/platform/process/metrics.ts'
import { RequestHistogram } from './request-histogram.ts'

/** What the api counts of itself. */
export function createApiMetrics(registry: Registry) {
  return {
    requests: new RequestHistogram(registry),
    countValidation: countValidations(registry),
    lockedOut: new Counter({
      name: 'momentry_lockout_refusals_total',
      help: 'Requests refused because their address is locked out',
      registers: [registry],
    }),
  }
}

/** Gives the counting of validations, which are so many that prom-client is told of them when the metrics are read. */
function countValidations(registry: Registry): (code: string) => void {
  const counts = new Map<string, number>()
  new Counter({
    name: 'momentry_validations_total',
    help: 'Validations by their code',
    labelNames: ['code'] as const,
    registers: [registry],
    collect() {
      this.reset()
      for (const [code, count] of counts) this.inc({ code }, count)
    },
  })
  return (code) => counts.set(code, (counts.get(code) ?? 0) + 1)
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
