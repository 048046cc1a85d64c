import type { CreateSink, Sink, SinkKind } from '../../../api/alerts/sinks.ts'
import type { Severity } from '../../../parts/badges/tones.ts'

/** What the form of a sink holds, whatever its kind. */
export interface SinkForm {
  name: string
  kind: SinkKind
  url: string
  to: string[]
  routingKey: string
  minSeverity: Severity
  types: string[]
  rules: string[]
  owners: string[]
  groupSeconds: number
  quiet: boolean
  quietFrom: string
  quietTo: string
  timeZone: string
}

export const emptyForm = (): SinkForm => ({
  name: '',
  kind: 'webhook',
  url: '',
  to: [],
  routingKey: '',
  minSeverity: 'low',
  types: [],
  rules: [],
  owners: [],
  groupSeconds: 60,
  quiet: false,
  quietFrom: '22:00',
  quietTo: '07:00',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
})

/** What is known of a sink, to be changed. What is secret of it is not among that. */
export function formOf(sink: Sink): SinkForm {
  const { target, routing, quietHours } = sink
  const empty = emptyForm()
  return {
    ...empty,
    ...routing,
    name: sink.name,
    kind: sink.kind,
    url: target.kind === 'webhook' ? target.url : target.kind === 'pagerduty' ? (target.url ?? '') : '',
    to: target.kind === 'email' ? target.to : [],
    groupSeconds: sink.groupSeconds,
    quiet: quietHours !== null,
    quietFrom: quietHours?.from ?? empty.quietFrom,
    quietTo: quietHours?.to ?? empty.quietTo,
    timeZone: quietHours?.timeZone ?? empty.timeZone,
  }
}

export function targetFrom({ kind, url, to, routingKey }: SinkForm): CreateSink['target'] {
  switch (kind) {
    case 'webhook':
    case 'slack':
      return { kind, url: url.trim() }
    case 'email':
      return { kind, to }
    case 'pagerduty':
      return { kind, routingKey: routingKey.trim(), ...(url.trim() && { url: url.trim() }) }
  }
}

/** Whom a sink's alerts are for and when, as the API takes it. */
export function routingFrom(form: SinkForm): Pick<CreateSink, 'routing' | 'groupSeconds' | 'quietHours'> {
  const { minSeverity, types, rules, owners, groupSeconds, quiet, quietFrom, quietTo, timeZone } = form
  return {
    routing: { minSeverity, types, rules, owners },
    groupSeconds,
    quietHours: quiet ? { from: quietFrom, to: quietTo, timeZone } : null,
  }
}

export function isWhole(form: SinkForm): boolean {
  const { name, kind, url, to, routingKey } = form
  if (name.trim() === '') return false
  if (kind === 'email') return to.length > 0
  if (kind === 'pagerduty') return routingKey.trim() !== ''
  return url.trim() !== ''
}
