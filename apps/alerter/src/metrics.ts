import { type Alert, alertTypes } from '@momentry/shared/alerts/alert.ts'
import { type Finding, severities } from '@momentry/shared/anomalies/finding.ts'
import { Counter, type Registry } from '@momentry/shared/platform/process/metrics.ts'

/** What the alerter counts. */
export interface AlerterMetrics {
  recorded(finding: Finding): void
  told(alert: Alert): void
  buried(): void
}

export function createAlerterMetrics(registry: Registry): AlerterMetrics {
  const registers = [registry]
  const findings = new Counter({
    name: 'momentry_findings_recorded_total',
    help: 'Findings written to their rows, by rule and kind',
    labelNames: ['rule', 'kind'],
    registers,
  })
  const alerts = new Counter({
    name: 'momentry_alerts_published_total',
    help: 'Alerts published, by type and severity',
    labelNames: ['type', 'severity'],
    registers,
  })
  // From the start, so that Prometheus sees the first one as a rise: a rotation that fails may be the only one for months.
  for (const type of alertTypes) for (const severity of severities) alerts.inc({ type, severity }, 0)
  const dead = new Counter({
    name: 'momentry_findings_dead_letters_total',
    help: 'Findings that could not be read',
    registers,
  })
  return {
    recorded: ({ rule, kind }) => findings.inc({ rule, kind }),
    told: ({ type, data }) => alerts.inc({ type, severity: data.severity }),
    buried: () => dead.inc(),
  }
}
