import type { SinkTarget } from '@momentry/shared/alert-sinks/schemas.ts'
import type { Message, OpenSink } from '@momentry/shared/alert-sinks/sender.ts'
import { createSenders, type SendersDeps } from '@momentry/shared/alert-sinks/senders/senders.ts'
import type { AnomalyAlert } from '@momentry/shared/alerts/alert.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'

/** A secret of a webhook, of the right shape. */
export const webhookSecret = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`

export function anomalyAlert(change: Partial<AnomalyAlert['data']> = {}): AnomalyAlert {
  return {
    type: 'anomaly.detected',
    timestamp: '2026-01-05T12:00:00.000Z',
    data: {
      id: createId(),
      keyId: createId(),
      keyName: 'billing',
      keyType: 'service',
      rule: 'high_request_rate',
      severity: 'high',
      observed: 1204,
      threshold: 1000,
      window: { start: '2026-01-05T11:59:00.000Z', end: '2026-01-05T12:00:00.000Z' },
      explanation: '1204 requests within 60 s, where at most 1000 are expected',
      ...change,
    },
  }
}

export function messageTo(
  target: SinkTarget,
  alerts: readonly AnomalyAlert[] = [anomalyAlert()],
  change: Partial<Message> & { secrets?: Pick<OpenSink, 'secret' | 'previousSecret'> } = {},
): Message {
  const { secrets = {}, ...rest } = change
  return {
    id: createId(),
    sink: { id: createId(), name: 'on call', kind: target.kind, target, ...secrets },
    alerts: alerts.map((alert, index) => ({ seq: index + 1, alert })),
    omitted: 0,
    test: false,
    ...rest,
  }
}

/** The senders of a test: quick to give up. */
export function testSenders(change: Partial<SendersDeps> = {}) {
  return createSenders({
    hosts: [],
    proxy: {},
    smtpUrl: undefined,
    emailFrom: undefined,
    consoleUrl: 'https://momentry.example.com',
    now: Date.now,
    log: createLogger({ name: 'test', level: 'silent' }),
    timeoutMs: 2_000,
    ...change,
  })
}

/** Nobody aborts. */
export const noSignal = () => new AbortController().signal
