import { createAlertSender } from '@momentry/shared/alerts/send.ts'
import type { Config } from '@momentry/shared/config.ts'
import { createHookRunner } from '@momentry/shared/integrations/rotation/hand-over/hook.ts'
import { createWebhookCaller } from '@momentry/shared/integrations/rotation/hand-over/webhook.ts'
import { giveBack, queueName, takeDispatchable } from '@momentry/shared/integrations/rotation/queue.ts'
import { createIntegrationRotator } from '@momentry/shared/integrations/rotation/work/rotate.ts'
import type { Integrations } from '@momentry/shared/integrations/systems.ts'
import { systemContext } from '@momentry/shared/keys/changes/system-context.ts'
import { systemClock } from '@momentry/shared/platform/clock.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import type { Seal } from '@momentry/shared/platform/seal.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import type { Tracing } from '@momentry/shared/platform/tracing/tracing.ts'
import type { WorkerMetrics } from './metrics.ts'
import { workOnRows } from './work-on-rows.ts'

export interface RotateElsewhereDeps {
  stores: Stores
  config: Pick<Config, 'integrations' | 'usage'>
  integrations: Integrations
  seal: Seal
  metrics: Pick<WorkerMetrics, 'credentialRotationTried'>
  tracing: Tracing
  log: Logger
}

/** Works on rotations of credentials on other systems until it is closed. */
export function startRotatingElsewhere(deps: RotateElsewhereDeps): { close(): Promise<void> } {
  const { stores, config, integrations, seal, metrics, tracing, log } = deps
  const { names, postgres, redis } = stores
  const { hooksDir, webhookHosts, webhookSecret, proxy, timeoutMs } = config.integrations
  const stopping = new AbortController()
  const rotate = createIntegrationRotator({
    context: systemContext(stores, 'worker', log),
    integrations,
    seal,
    runHook: createHookRunner({ directory: hooksDir, signal: stopping.signal }),
    callWebhook: createWebhookCaller({
      hosts: webhookHosts,
      secret: webhookSecret,
      ca: integrations.ca,
      proxy,
      timeoutMs,
      now: systemClock,
    }),
    sendAlert: createAlertSender({ redis, names, partitions: config.usage.partitions, trace: tracing.current }),
    onAttempt: metrics.credentialRotationTried,
    log,
  })
  const working = workOnRows(
    { stores, tracing, log },
    {
      queue: queueName,
      concurrency: 4,
      // Each row says itself when it is tried again.
      attempts: 1,
      take: (limit) => takeDispatchable(postgres.db, limit),
      giveBack: (rows) => giveBack(postgres.db, rows),
      work: rotate,
    },
  )
  return {
    async close() {
      stopping.abort()
      await working.close()
    },
  }
}
