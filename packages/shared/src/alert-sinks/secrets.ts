import { randomBytes } from 'node:crypto'
import type { Seal } from '../platform/seal.ts'
import type { SinkTarget } from './schemas.ts'
import type { OpenSink } from './sender.ts'
import { type ShownTarget, type SinkRow, shownTargetSchema } from './view.ts'

/** The place that a sink's secret is sealed for. */
export function secretPlace(sinkId: string): string {
  return `alert sink ${sinkId}`
}

/** The place that the secret before it is sealed for. */
export function previousSecretPlace(sinkId: string): string {
  return `alert sink before ${sinkId}`
}

/** Makes a webhook's secret: 32 random bytes, as Standard Webhooks writes them. */
export function makeWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** Parts a target into what may be seen and what is secret of it, if anything is. */
export function splitTarget(target: SinkTarget): { shown: ShownTarget; secret: string | undefined } {
  switch (target.kind) {
    case 'slack':
      return { shown: { kind: 'slack', host: new URL(target.url).host }, secret: target.url }
    case 'pagerduty': {
      const { routingKey, ...shown } = target
      return { shown, secret: routingKey }
    }
    default:
      return { shown: target, secret: undefined }
  }
}

/**
 * Opens what is secret of a sink, to send to it.
 * @param now ms; whether the secret before still signs
 * @throws Error where no master key of ours opens it
 */
export function openSink(seal: Seal, row: SinkRow, now: number): OpenSink {
  const secret = row.secret ? seal.open(row.secret, secretPlace(row.id)) : ''
  const target = joinTarget(shownTargetSchema.parse(row.target), secret)
  const about = { id: row.id, name: row.name, kind: row.kind, target }
  if (row.kind !== 'webhook') return about
  const overlaps = row.previousSecret && row.previousUntil && row.previousUntil.getTime() > now
  const previous =
    overlaps && row.previousSecret ? seal.open(row.previousSecret, previousSecretPlace(row.id)) : undefined
  return { ...about, secret, ...(previous !== undefined && { previousSecret: previous }) }
}

function joinTarget(shown: ShownTarget, secret: string): SinkTarget {
  switch (shown.kind) {
    case 'slack':
      return { kind: 'slack', url: secret }
    case 'pagerduty':
      return { ...shown, routingKey: secret }
    default:
      return shown
  }
}
