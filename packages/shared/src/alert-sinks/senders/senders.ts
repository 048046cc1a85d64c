import type { ProxySettings } from '../../integrations/integration.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/process/log.ts'
import type { Resolve } from '../guard/checked-lookup.ts'
import type { Senders } from '../sender.ts'
import { createEmailSender, type Mailbox } from './email.ts'
import { createPagerDutySender } from './pagerduty.ts'
import { createPoster } from './post.ts'
import { createSlackSender } from './slack.ts'
import { createWebhookSender } from './webhook.ts'

export interface SendersDeps {
  /** What is trusted wherever it leads: `ALERT_SINK_HOSTS`. */
  hosts: readonly string[]
  /** Serves what is trusted, and nothing else. */
  proxy: ProxySettings
  smtpUrl: string | undefined
  emailFrom: Mailbox | undefined
  /** The base URL of the pages, for links; undefined: there are none. */
  consoleUrl: string | undefined
  now: Clock
  log: Logger
  /** How long one answer may take, ms; 10 s unless told. */
  timeoutMs?: number | undefined
  /** In place of the system's resolver. */
  resolve?: Resolve | undefined
  /** In place of what is public on the Internet. */
  isPublic?: ((address: string) => boolean) | undefined
}

/** The ways to all kinds of sinks, which are to be closed. */
export type OpenSenders = Senders & { close(): Promise<void> }

/** Makes the ways to all kinds of sinks. A new kind is a file beside this one and a line here. Nothing is loaded yet. */
export function createSenders(deps: SendersDeps): OpenSenders {
  const { consoleUrl, now, log, timeoutMs = 10_000 } = deps
  const { post, close } = createPoster({ ...deps, timeoutMs })
  const senders = {
    webhook: createWebhookSender({ post, now }),
    slack: createSlackSender({ post, consoleUrl }),
    email: createEmailSender({ smtpUrl: deps.smtpUrl, from: deps.emailFrom, consoleUrl, timeoutMs, log }),
    pagerduty: createPagerDutySender({ post, consoleUrl, now }),
  } satisfies Senders
  return {
    ...senders,
    async close() {
      await Promise.all([close(), senders.email.close?.()])
    },
  }
}
