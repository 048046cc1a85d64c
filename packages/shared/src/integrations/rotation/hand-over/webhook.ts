import { Webhook } from 'standardwebhooks'
import { MomentryError } from '../../../errors.ts'
import type { Clock } from '../../../platform/clock.ts'
import { createRemoteHttp } from '../../http/remote-http.ts'
import type { IntegrationOptions } from '../../integration.ts'
import type { HandOverNote } from './note.ts'

export interface WebhookOptions extends Pick<IntegrationOptions, 'ca' | 'proxy' | 'timeoutMs'> {
  /** Hosts, with ports where they are not the protocol's own, that credentials may be sent to. */
  hosts: readonly string[]
  /** Signs what is sent (Standard Webhooks). */
  secret: string | undefined
  now: Clock
}

/**
 * Gives what sends a new credential to a URL: signed by the Standard Webhooks specification, once per rotation by its
 * `webhook-id`, to listed hosts only, since whoever sets the URL need not be who runs Momentry.
 */
export function createWebhookCaller(options: WebhookOptions) {
  const { secret, now } = options
  return async (url: string, note: HandOverNote): Promise<void> => {
    const target = refuseUnlisted(url, options.hosts)
    if (secret === undefined)
      throw new MomentryError('CONFIG_INVALID', 'INTEGRATION_WEBHOOK_SECRET: is required for webhooks')
    const { ca, proxy, timeoutMs } = options
    const http = createRemoteHttp({ title: 'the webhook', server: target.origin, ca, proxy, timeoutMs })
    const body = { type: 'credential.hand-over', timestamp: new Date(now()).toISOString(), data: note }
    const at = new Date(now())
    try {
      const answer = await http.send({
        method: 'POST',
        path: `${target.pathname}${target.search}`,
        headers: {
          'webhook-id': note.rotationId,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': new Webhook(secret).sign(note.rotationId, at, JSON.stringify(body)),
        },
        body,
        repeatable: true,
      })
      const said = `the webhook at ${target.host} answered ${answer.status}`
      if (answer.status >= 500) throw new MomentryError('REMOTE_FAILED', said)
      if (answer.status >= 300) throw new MomentryError('REMOTE_REFUSED', said)
    } finally {
      await http.close()
    }
  }
}

/** @throws MomentryError `CONFIG_INVALID` */
function refuseUnlisted(text: string, hosts: readonly string[]): URL {
  const url = new URL(text)
  if (hosts.includes(url.host.toLowerCase())) return url
  throw new MomentryError('CONFIG_INVALID', `INTEGRATION_WEBHOOK_HOSTS: does not hold ${url.host}`)
}
