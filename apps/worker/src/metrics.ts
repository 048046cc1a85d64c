import type { WatchOutcome } from '@momentry/shared/anomalies/detect/watch.ts'
import { Counter, type Registry } from '@momentry/shared/platform/process/metrics.ts'

/** What the worker counts. */
export interface WorkerMetrics {
  committed(outcome: WatchOutcome): void
  judged(outcome: WatchOutcome): void
  buried(): void
  flushed(sums: number): void
  flushFailed(partition: number): void
  rotationTried(rotation: { kind: string; outcome: string }): void
  credentialRotationTried(rotation: { kind: string; outcome: string }): void
}

export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry]
  const batches = new Counter({
    name: 'momentry_usage_batches_total',
    help: 'Batches of usage entries, by what came of their commit',
    labelNames: ['outcome'],
    registers,
  })
  const events = new Counter({
    name: 'momentry_usage_events_folded_total',
    help: 'Usage events folded into windows',
    registers,
  })
  const silences = new Counter({
    name: 'momentry_silences_judged_total',
    help: 'Times that keys were judged in silence',
    registers,
  })
  const findings = new Counter({
    name: 'momentry_findings_emitted_total',
    help: 'Findings put on the anomaly streams, by rule and kind',
    labelNames: ['rule', 'kind'],
    registers,
  })
  const dead = new Counter({
    name: 'momentry_usage_dead_letters_total',
    help: 'Usage entries that could not be read',
    registers,
  })
  const flushed = new Counter({ name: 'momentry_roll_up_sums_total', help: 'Sums carried to Postgres', registers })

  const flushFailures = new Counter({
    name: 'momentry_roll_up_failures_total',
    help: 'Times that the sums of a partition could not be carried to Postgres; they wait and are tried again',
    labelNames: ['partition'],
    registers,
  })

  const rotations = new Counter({
    name: 'momentry_rotation_attempts_total',
    help: 'Attempts at rotations, by kind and what they came to',
    labelNames: ['kind', 'outcome'],
    registers,
  })

  const credentialRotations = new Counter({
    name: 'momentry_credential_rotation_attempts_total',
    help: 'Attempts at rotations of credentials on other systems, by kind and what they came to',
    labelNames: ['kind', 'outcome'],
    registers,
  })

  const count = (outcome: NonNullable<WatchOutcome>) => {
    events.inc(outcome.events)
    for (const { rule, kind } of outcome.findings) findings.inc({ rule, kind })
  }
  return {
    committed(outcome) {
      batches.inc({ outcome: outcome ? 'committed' : 'refused' })
      if (outcome) count(outcome)
    },
    judged(outcome) {
      if (!outcome) return
      silences.inc()
      count(outcome)
    },
    buried: () => dead.inc(),
    flushed: (sums) => flushed.inc(sums),
    flushFailed: (partition) => flushFailures.inc({ partition }),
    rotationTried: (rotation) => rotations.inc(rotation),
    credentialRotationTried: (rotation) => credentialRotations.inc(rotation),
  }
}
