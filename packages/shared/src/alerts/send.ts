import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { partitionOf } from '../usage/partition.ts'
import { type Alert, subjectOf } from './alert.ts'

/** Hands an alert to the alerter. Resolves once it is on the stream, from where it is told at least once. */
export type SendAlert = (alert: Alert) => Promise<void>

/**
 * Gives the way by which workers tell of something: the stream of findings, so that every alert goes out by the same
 * hands, whatever sinks there are.
 */
export function createAlertSender(deps: {
  redis: RedisClient
  names: Names
  partitions: number
  /** Gives the traceparent of what is under way. */
  trace?: () => string | undefined
}): SendAlert {
  const { redis, names, partitions, trace } = deps
  return async (alert) => {
    const stream = names.anomalyStream(partitionOf(subjectOf(alert), partitions))
    const traceparent = trace?.()
    const carried = traceparent === undefined ? [] : ['trace', traceparent]
    await redis.xadd(stream, '*', 'alert', JSON.stringify(alert), ...carried)
  }
}

/** Gives a way to tell of something that goes on whether people hear of it or not. Never throws: the log has it then. */
export function createTeller({ sendAlert, log }: { sendAlert: SendAlert; log: Logger }): SendAlert {
  return (alert) =>
    sendAlert(alert).catch((error: unknown) =>
      log.warn({ err: error, alert: alert.type }, 'an alert could not be sent'),
    )
}
