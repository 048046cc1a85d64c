import type { Alert } from '../../alerts/alert.ts'
import type { Severity } from '../../anomalies/finding.ts'
import { oneLine } from './line.ts'

/** An alert in words, for people. Every text is one line; none is escaped for anything. */
export interface ToldAlert {
  title: string
  severity: Severity
  explanation: string
  /** What else is known, each with its name. */
  facts: readonly { name: string; value: string }[]
  /** RFC 3339. */
  at: string
  /** Of the page about it. */
  link: string | undefined
}

const longestTitle = 250
const longestName = 120
const longestFact = 500

const titles: Readonly<Record<Alert['type'], (subject: string) => string>> = {
  'anomaly.detected': (subject) => subject,
  'anomaly.escalated': (subject) => `${subject} grows graver`,
  'rotation.completed': (subject) => `${subject} has a new secret`,
  'rotation.unclaimed': (subject) => `nobody has claimed the new secret of ${subject}`,
  'rotation.failed': (subject) => `the rotation of ${subject} failed`,
  'key.expiring': (subject) => `${subject} expires soon`,
  'policy.acted': (subject) => `a policy acted on ${subject}`,
  'key.leaked': (subject) => `a secret of ${subject} leaked`,
  'address.locked': (subject) => `${subject} is locked out`,
  credential_stuffing: (subject) => `${subject} tries secrets from a list`,
  'backup.failed': () => 'a backup failed',
  'credential.rotated': (subject) => `${subject} was rotated`,
  'credential.unclaimed': (subject) => `nobody has claimed the new value of ${subject}`,
  'credential.rotation-failed': (subject) => `the rotation of ${subject} failed`,
  'credential.expired': (subject) => `${subject} expired`,
  'credential.expiry-failed': (subject) => `${subject} expired and could not be deleted`,
}

/** @param consoleUrl the base URL of the pages; undefined: nobody knows one, and there are no links */
export function tellAlert(alert: Alert, consoleUrl: string | undefined): ToldAlert {
  const path = pathOf(alert)
  return {
    title: oneLine(titles[alert.type](subjectNameOf(alert)), longestTitle),
    severity: alert.data.severity,
    explanation: oneLine(alert.data.explanation, 1000),
    facts: factsOf(alert).flatMap(({ name, value }) => {
      const line = oneLine(String(value ?? ''), longestFact)
      return line === '' ? [] : [{ name, value: line }]
    }),
    at: alert.timestamp,
    link: consoleUrl === undefined || path === undefined ? undefined : `${consoleUrl}${path}`,
  }
}

/** What a title is about. */
function subjectNameOf({ data }: Alert): string {
  if ('rule' in data) return `${data.rule} on ${name(data.keyName)}`
  if ('dryRun' in data) return `${name(data.keyName)}: ${data.action}${data.dryRun ? ' (dry run)' : ''}`
  if ('keyName' in data) return name(data.keyName)
  if ('credentialName' in data) return `${name(data.credentialName)} on ${name(data.system)}`
  return 'address' in data ? data.address : 'Momentry'
}

function name(text: string): string {
  return oneLine(text, longestName)
}

function pathOf({ type, data }: Alert): string | undefined {
  if ('anomalyId' in data) return `/console/anomalies/${data.anomalyId}`
  if ('rule' in data) return `/console/anomalies/${data.id}`
  if ('fromVersion' in data) return `/console/rotations/${data.rotationId}`
  if ('keyId' in data) return `/console/keys/${data.keyId}`
  if ('credentialId' in data) return '/console/integrations'
  return type === 'backup.failed' ? '/console/backups' : undefined
}

interface Fact {
  name: string
  value: string | number | null | undefined
}

function factsOf({ type, data }: Alert): Fact[] {
  const facts: Fact[] = []
  const add = (name: string, value: Fact['value']) => void facts.push({ name, value })
  if ('keyName' in data) add('Key', `${data.keyName} (${data.keyType})`)
  if ('rule' in data) {
    add('Rule', data.rule)
    add('Observed', round(data.observed))
    add('Threshold', round(data.threshold))
    add('Usual', data.baseline === undefined ? undefined : round(data.baseline))
    add('Window', `${data.window.start} to ${data.window.end}`)
  }
  if ('address' in data) {
    add('Address', data.address)
    add('Observed', data.observed)
    add('Threshold', data.threshold)
    add('Until', data.until)
  }
  if ('credentialId' in data) {
    add('Credential', `${data.credentialName} on ${data.system}`)
    add('Owner', data.owner)
  }
  if ('graceEndsAt' in data) add('The old secret works until', data.graceEndsAt)
  if ('expiresAt' in data) add('Expires', data.expiresAt)
  if ('source' in data) add('Found by', data.source)
  if ('url' in data) add('Found at', data.url)
  if ('action' in data) add('Action', data.action)
  add('Type', type)
  return facts
}

/** Rules count, and compute shares: more than four digits behind the point say nothing. */
function round(value: number): number {
  return Number(value.toFixed(4))
}
