import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { MomentryClient } from '../client.ts'
import { MomentryClientError } from '../errors.ts'
import { jitteredDelayMs } from '../http/retry.ts'
import { readNumber } from '../http/settings.ts'
import { tell } from '../tell.ts'
import { maxEventsPerReport, toEvent, type UsageEvent } from './event.ts'
import { isContentRefusal, partRefused } from './refused.ts'

/** Events that will not be counted. */
export interface Dropped {
  /** `full`: the buffer was; `refused`: Momentry does not take them; `closed`: they came, or were left, after `close` */
  reason: 'full' | 'refused' | 'closed'
  events: readonly UsageEvent[]
}

export interface UsageReporterOptions {
  client: Pick<MomentryClient, 'reportUsage'>
  /** How long an event waits for others, 1,000 ms unless told otherwise; a full batch goes at once. */
  flushEveryMs?: number
  /** Events held at the most, those under way included; 10,000 unless told otherwise. */
  maxBuffered?: number
  onDropped?: (dropped: Dropped) => void
  /** Told of each attempt that failed; what failed is tried again. */
  onError?: (error: unknown) => void
}

export interface UsageReporter {
  /** Takes an event. Never waits and never throws. */
  report(event: UsageEvent): void
  /** Events taken and not yet answered for. */
  pending(): number
  /** Events dropped since the start. */
  dropped(): number
  /** Sends what is left, for 5,000 ms unless told otherwise; what is not taken by then is dropped, and counted. */
  close(options?: { timeoutMs?: number }): Promise<void>
}

interface Batch {
  /** Stays the same however often the batch is sent: whatever came of earlier attempts, it counts once. */
  idempotencyKey: string
  events: readonly UsageEvent[]
}

const toBatch = (events: readonly UsageEvent[]): Batch => ({ idempotencyKey: randomUUID(), events })

const firstDelayMs = 200
const maxDelayMs = 30_000

/** Makes a reporter of usage. While it has events, it keeps the process alive. @throws TypeError for an option that cannot be */
export function createUsageReporter(options: UsageReporterOptions): UsageReporter {
  const { client, onDropped, onError } = options
  const flushEveryMs = readNumber('flushEveryMs', options.flushEveryMs ?? 1000, 0)
  const maxBuffered = readNumber('maxBuffered', options.maxBuffered ?? 10_000, 1)
  const batches: Batch[] = []
  const waiting: UsageEvent[] = []
  /** Ends a wait between attempts. */
  const hurry = new AbortController()
  const giveUp = new AbortController()
  let held = 0
  let dropped = 0
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> | undefined
  let closing: Promise<void> | undefined

  const drop = (reason: Dropped['reason'], events: readonly UsageEvent[]) => {
    if (events.length === 0) return
    dropped += events.length
    tell(onDropped, { reason, events })
  }

  const send = async (batch: Batch) => {
    const { idempotencyKey, events } = batch
    try {
      await client.reportUsage(events, { idempotencyKey, signal: giveUp.signal })
      batches.shift()
      held -= events.length
      failures = 0
    } catch (error) {
      if (giveUp.signal.aborted) return
      tell(onError, error)
      if (!isContentRefusal(error)) return waitAfter(error)
      const { bad, rest } = partRefused(events, error.issues)
      batches.splice(0, 1, ...rest.map(toBatch))
      held -= bad.length
      drop('refused', bad)
    }
  }

  const waitAfter = async (error: unknown) => {
    failures++
    const askedMs = error instanceof MomentryClientError ? (error.retryAfterSeconds ?? 0) * 1000 : 0
    const delayMs = Math.min(askedMs, maxDelayMs) + jitteredDelayMs(failures, firstDelayMs, maxDelayMs)
    const { signal } = closing ? giveUp : hurry
    await pause(delayMs, undefined, { signal }).catch(() => undefined)
  }

  /** Sends what waits now, one batch after the other. What comes in the meantime waits for its own turn. */
  const flush = async () => {
    while (waiting.length > 0) batches.push(toBatch(waiting.splice(0, maxEventsPerReport)))
    for (let batch = batches[0]; batch && !giveUp.signal.aborted; batch = batches[0]) await send(batch)
  }

  const flushNow = () => {
    clearTimeout(timer)
    timer = undefined
    flushing ??= flush().finally(() => {
      flushing = undefined
      if (waiting.length > 0) schedule()
    })
    return flushing
  }

  const schedule = () => {
    if (flushing || closing) return
    if (waiting.length >= maxEventsPerReport) void flushNow()
    else timer ??= setTimeout(flushNow, flushEveryMs)
  }

  const finish = async (timeoutMs: number) => {
    const deadline = setTimeout(() => giveUp.abort(), timeoutMs)
    hurry.abort()
    await flushNow()
    if (held > 0 && !giveUp.signal.aborted) await flushNow()
    clearTimeout(deadline)
    const left = [...batches.splice(0).flatMap(({ events }) => events), ...waiting.splice(0)]
    held = 0
    drop('closed', left)
  }

  return {
    report(given) {
      const event = toEvent(given, Date.now())
      if (!event || closing || held >= maxBuffered) {
        drop(event ? (closing ? 'closed' : 'full') : 'refused', [event ?? given])
        return
      }
      held++
      waiting.push(event)
      schedule()
    },
    pending: () => held,
    dropped: () => dropped,
    close({ timeoutMs = 5000 } = {}) {
      closing ??= finish(timeoutMs)
      return closing
    },
  }
}
