import { Globe, type LucideIcon, Mail, MessageSquare, Siren } from 'lucide-react'
import type { Sink, SinkKind } from '../../../api/alerts/sinks.ts'

export interface KindWords {
  title: string
  /** One line that helps to choose. */
  about: string
  Icon: LucideIcon
}

export const sinkKinds: Readonly<Record<SinkKind, KindWords>> = {
  webhook: { title: 'Webhook', about: 'Signed requests to a server of yours (Standard Webhooks)', Icon: Globe },
  slack: { title: 'Slack', about: 'A channel, by an incoming webhook', Icon: MessageSquare },
  email: { title: 'E-mail', about: 'Up to 20 addresses', Icon: Mail },
  pagerduty: { title: 'PagerDuty', about: 'Incidents that end when the anomaly does', Icon: Siren },
}

/** Where a sink sends, as far as that may be seen. */
export function targetOf({ target }: Sink): string {
  switch (target.kind) {
    case 'webhook':
      return target.url
    case 'slack':
      return target.host
    case 'email':
      return target.to.join(', ')
    case 'pagerduty':
      return target.url ?? 'PagerDuty'
  }
}

/** Which alerts reach a sink, in a few words. */
export function routingOf({ routing: { minSeverity, types, rules, owners } }: Sink): string {
  const parts = [
    minSeverity === 'low' ? 'every severity' : minSeverity === 'critical' ? 'critical' : `${minSeverity} and up`,
  ]
  if (types.length > 0) parts.push(count(types.length, 'kind of alert', 'kinds of alert'))
  if (rules.length > 0) parts.push(count(rules.length, 'rule', 'rules'))
  if (owners.length > 0) parts.push(count(owners.length, 'owner', 'owners'))
  return parts.join(', ')
}

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`
