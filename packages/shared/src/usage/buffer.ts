import { setTimeout as pause } from 'node:timers/promises'
import { createId } from '../platform/id.ts'
import type { Logger } from '../platform/process/log.ts'
import type { AppendUsage } from './append.ts'
import type { UsageEvent } from './event.ts'

/** Takes events without making anyone wait, and sends them on in batches. */
export interface UsageBuffer {
  /** Takes an event; drops and counts it where the buffer is full. Never blocks and never throws. */
  record(event: UsageEvent): void
  /** Events dropped since the start, because Redis was away for longer than the buffer lasts. */
  dropped(): number
  /** Events taken and not yet on a stream. */
  pending(): number
  /** Sends what is left, as far as Redis takes it at the first try. */
  close(): Promise<void>
}

const defaultCapacity = 50_000
const batchSize = 1000
/** A try that is made again comes within seconds, so its marker need not live longer. */
const markerSeconds = 300
const maxRetryMs = 1000
/** What comes within this time goes together: sending costs some 30 µs, whether it is one event or hundreds. */
const lingerMs = 5

/**
 * @param deps.capacity events held at the most, those under way included
 * @param deps.trace gives the traceparent of what is under way; a batch carries that of its first event which has one
 */
export function createUsageBuffer(deps: {
  append: AppendUsage
  log: Logger
  capacity?: number
  trace?: () => string | undefined
}): UsageBuffer {
  const { append, log, capacity = defaultCapacity, trace = () => undefined } = deps
  const closing = new AbortController()
  const waiting: UsageEvent[] = []
  let traceparent: string | undefined
  let underWay: { id: string; events: readonly UsageEvent[]; traceparent: string | undefined } | undefined
  let dropped = 0
  let failures = 0
  let sending: Promise<void> | undefined

  const pending = () => waiting.length + (underWay?.events.length ?? 0)

  /** Sends one batch. One that failed is sent again under its own id, so that it counts once whatever came of it. */
  const sendBatch = async () => {
    if (underWay === undefined) {
      underWay = { id: createId(), events: waiting.splice(0, batchSize), traceparent }
      traceparent = undefined
    }
    try {
      await append(underWay.id, underWay.events, markerSeconds, underWay.traceparent)
      if (failures > 0) log.info({ dropped }, 'usage events flow again')
      failures = 0
      underWay = undefined
    } catch (error) {
      if (failures++ === 0) log.warn({ err: error }, 'usage events wait for Redis')
    }
  }

  const wait = (ms: number) => pause(ms, undefined, { signal: closing.signal }).catch(() => undefined)

  /** Sends what waits, batch after batch: never two at once. */
  const send = async () => {
    await wait(lingerMs)
    while (pending() > 0 && !closing.signal.aborted) {
      await sendBatch()
      if (failures > 0) await wait(Math.min(50 * 2 ** failures, maxRetryMs))
      else if (waiting.length < batchSize) await wait(lingerMs)
    }
    sending = undefined
  }

  return {
    record(event) {
      if (pending() >= capacity) {
        if (dropped++ === 0) log.error({ capacity }, 'the usage buffer is full: events are dropped and counted')
        return
      }
      waiting.push(event)
      traceparent ??= trace()
      sending ??= send()
    },
    dropped: () => dropped,
    pending,
    async close() {
      closing.abort()
      await sending
      failures = 0
      while (pending() > 0 && failures === 0) await sendBatch()
      if (pending() > 0) log.error({ lost: pending() }, 'stopped with usage events that Redis did not take')
    },
  }
}
