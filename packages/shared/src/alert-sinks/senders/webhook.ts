import { Webhook } from 'standardwebhooks'
import type { Clock } from '../../platform/clock.ts'
import type { Message, Sender } from '../sender.ts'
import { webhookBody } from '../text/webhook.ts'
import type { Post } from './post.ts'

/**
 * Sends to webhooks by the Standard Webhooks specification: `webhook-id` is the delivery's, so that a receiver tells what
 * comes twice, and each secret that is valid signs.
 */
export function createWebhookSender({ post, now }: { post: Post; now: Clock }): Sender {
  return {
    async send(message, signal) {
      const { target } = message.sink
      if (target.kind !== 'webhook') return { ok: false, error: 'this is no webhook' }
      const at = now()
      const body = webhookBody(message, at)
      const headers = signedHeaders(message, body, at)
      if (headers === undefined) return { ok: false, error: 'its secret cannot sign: give it a new one' }
      return await post({ url: target.url, body, headers, mayBeGone: true }, signal)
    },
  }
}

/** @returns undefined where a secret is none */
function signedHeaders({ id, sink }: Message, body: string, now: number): Record<string, string> | undefined {
  const at = new Date(now)
  const secrets = [sink.secret, sink.previousSecret].filter((secret) => secret !== undefined)
  if (secrets.length === 0) return undefined
  try {
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
    }
  } catch {
    return undefined
  }
}
