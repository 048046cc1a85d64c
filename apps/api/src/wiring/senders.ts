import type { Sender, Senders } from '@momentry/shared/alert-sinks/sender.ts'

const none: Sender = { send: async () => ({ ok: false, error: 'nothing is sent by this process' }) }

/** Stands in for the ways to sinks until they are there. */
export function createSendersLater(): Senders {
  return { webhook: none, slack: none, email: none, pagerduty: none }
}
