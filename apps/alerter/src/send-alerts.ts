import { setTimeout as delay } from 'node:timers/promises'
import { claimDeliveries } from '@momentry/shared/alert-sinks/delivery/claim.ts'
import { type PerformDeps, performDelivery } from '@momentry/shared/alert-sinks/delivery/perform.ts'
import type { DeliveryRow } from '@momentry/shared/alert-sinks/delivery/view.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { listenTo } from '@momentry/shared/platform/redis/listen.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import { keepGoing } from '@momentry/shared/streams/keep-going.ts'
import { createBell } from './bell.ts'
import type { SendMetrics } from './send-metrics.ts'

/** Messages that one alerter sends at a time, each to another sink: a slow one does not hold up the others. */
const concurrency = 8
/** How often messages are looked for that nobody told of: most of them wait for their time. */
const pollMs = 1_000
/** What is under way at the end may take so long; then it is cut, and given back. */
const drainMs = 5_000

export interface SendAlertsDeps extends Omit<PerformDeps, 'random'> {
  stores: Pick<Stores, 'names' | 'createRedis'>
  metrics: SendMetrics
  log: Logger
}

/** Sends messages to sinks until it is closed, whatever fails: the rows are the truth, and wait. */
export function sendAlerts(deps: SendAlertsDeps): { close(): Promise<void> } {
  const { stores, context, metrics, log } = deps
  const stopping = new AbortController()
  const cutting = new AbortController()
  const underWay = new Set<Promise<void>>()
  const bell = createBell()

  const send = async (delivery: DeliveryRow) => {
    const about = { delivery: delivery.id, sink: delivery.sinkId, attempt: delivery.attempts }
    try {
      const { kind, outcome, error } = await performDelivery({ ...deps, random: Math.random }, delivery, cutting.signal)
      metrics.performed(kind, outcome)
      if (error === undefined) log.info({ ...about, outcome }, 'alert sent')
      else log.warn({ ...about, outcome, error }, 'an alert was not sent')
    } catch (error) {
      log.warn({ ...about, err: error }, 'what came of an alert could not be noted; it is sent again')
    }
  }

  const step = async () => {
    const free = concurrency - underWay.size
    const claimed = free > 0 ? await claimDeliveries(context.db, free, new Date(context.now())) : []
    for (const delivery of claimed) {
      const sending = send(delivery).finally(() => {
        underWay.delete(sending)
        // Its sink may have another one.
        bell.ring()
      })
      underWay.add(sending)
    }
    await bell.wait(pollMs, stopping.signal)
  }

  const stopListening = listenTo(stores.createRedis, stores.names.alertChannel, bell.ring)
  const looking = keepGoing(stopping.signal, log, step)
  return {
    async close() {
      stopping.abort()
      await Promise.all([looking, stopListening()])
      const drained = new AbortController()
      const finished = Promise.all(underWay).finally(() => drained.abort())
      await Promise.race([finished, delay(drainMs, undefined, { signal: drained.signal }).catch(() => undefined)])
      cutting.abort()
      await finished
    },
  }
}
