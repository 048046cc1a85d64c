import type { Alert } from '../../alerts/alert.ts'
import type { Severity } from '../../anomalies/finding.ts'
import { clip } from './line.ts'
import { tellAlert } from './tell-alert.ts'

/** An event of PagerDuty's Events API v2. */
export interface PagerDutyEvent {
  routing_key: string
  event_action: 'trigger' | 'resolve'
  dedup_key: string
  payload?: object
  client?: string
  client_url?: string
  links?: readonly { href: string; text: string }[]
}

/** PagerDuty's own bound. */
const longestSummary = 1024

const severityOf: Readonly<Record<Severity, string>> = {
  low: 'info',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
}

/** What an incident is known by: the anomaly, where the alert is about one; it is over with it. */
export function dedupKeyOf({ data }: Alert): string {
  return 'anomalyId' in data ? data.anomalyId : data.id
}

/** @param consoleUrl the base URL of the pages, where one is known */
export function triggerEvent(routingKey: string, alert: Alert, consoleUrl: string | undefined): PagerDutyEvent {
  const told = tellAlert(alert, consoleUrl)
  const { data, type, timestamp } = alert
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: dedupKeyOf(alert),
    payload: {
      summary: clip(`${told.title}: ${told.explanation}`, longestSummary),
      source: consoleUrl === undefined ? 'momentry' : new URL(consoleUrl).host,
      severity: severityOf[told.severity],
      timestamp,
      component: componentOf(alert),
      class: 'rule' in data ? data.rule : type,
      custom_details: { type, ...data },
    },
    client: 'Momentry',
    ...(consoleUrl !== undefined && { client_url: `${consoleUrl}/console/` }),
    ...(told.link !== undefined && { links: [{ href: told.link, text: 'Open in Momentry' }] }),
  }
}

export function resolveEvent(routingKey: string, dedupKey: string): PagerDutyEvent {
  return { routing_key: routingKey, event_action: 'resolve', dedup_key: dedupKey }
}

/** A test opens nothing that stays: what it triggers is resolved by the next event. */
export function testEvent(routingKey: string, sinkName: string, id: string, at: string): PagerDutyEvent {
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: `momentry-test-${id}`,
    payload: {
      summary: clip(`Test of the alert sink ${sinkName}`, longestSummary),
      source: 'momentry',
      severity: 'info',
      timestamp: at,
    },
    client: 'Momentry',
  }
}

function componentOf({ data }: Alert): string {
  if ('keyName' in data) return data.keyName
  if ('credentialName' in data) return data.credentialName
  return 'address' in data ? data.address : 'momentry'
}
