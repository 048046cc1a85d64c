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

/** @param deps.capacity events held at the most, those under way included */
export function createUsageBuffer(deps: { append: AppendUsage; log: Logger; capacity?: number }): UsageBuffer {
  const { append, log, capacity = defaultCapacity } = deps
  let waiting: UsageEvent[] = []
  let underWay: { id: string; events: readonly UsageEvent[] } | undefined
  let dropped = 0
  let failures = 0
  let timer: NodeJS.Timeout | NodeJS.Immediate | undefined
  let flushing: Promise<void> = Promise.resolve()

  const pending = () => waiting.length + (underWay?.events.length ?? 0)

  const schedule = () => {
    if (timer || pending() === 0) return
    const run = () => {
      flushing = flush().finally(() => {
        timer = undefined
        schedule()
      })
    }
    timer = failures === 0 ? setImmediate(run) : setTimeout(run, Math.min(50 * 2 ** failures, maxRetryMs))
  }

  /** Sends one batch. One that failed is sent again under its own id, so that it counts once whatever came of it. */
  const flush = async () => {
    underWay ??= { id: createId(), events: waiting.splice(0, batchSize) }
    try {
      await append(underWay.id, underWay.events, markerSeconds)
      if (failures > 0) log.info({ dropped }, 'usage events flow again')
      failures = 0
      underWay = undefined
    } catch (error) {
      if (failures++ === 0) log.warn({ err: error }, 'usage events wait for Redis')
    }
  }

  return {
    record(event) {
      if (pending() >= capacity) {
        if (dropped++ === 0) log.error({ capacity }, 'the usage buffer is full: events are dropped and counted')
        return
      }
      waiting.push(event)
      schedule()
    },
    dropped: () => dropped,
    pending,
    async close() {
      await flushing
      while (pending() > 0) {
        await flush()
        if (failures > 0) break
      }
      if (timer) clearTimeout(timer as NodeJS.Timeout)
      if (pending() > 0) log.error({ lost: pending() }, 'stopped with usage events that Redis did not take')
      waiting = []
    },
  }
}
