import type { DispatchedRow } from '@momentry/shared/jobs/dispatched.ts'
import { createJobQueue } from '@momentry/shared/platform/process/job-queue.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { listenTo } from '@momentry/shared/platform/redis/listen.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import { noTracing, type Tracing } from '@momentry/shared/platform/tracing/tracing.ts'
import { takeTurns } from './take-turns.ts'

export interface RowWork {
  queue: string
  /** Rows that one process works on at a time. */
  concurrency: number
  /** Tries of one row by the queue itself, with back-off between them. */
  attempts: number
  /** Takes rows that are to be put on the queue; no other process is given the same ones. */
  take(limit: number): Promise<DispatchedRow[]>
  /** Puts back what was taken and is not worked on yet. */
  giveBack(rows: readonly DispatchedRow[]): Promise<void>
  /** Works on a row; must be harmless when it is done twice. */
  work(rowId: string): Promise<void>
}

const perDispatch = 500
/** How often rows are looked for that nobody told of. */
const dispatchMs = 1_000

/**
 * Works on rows until it is closed. They come onto a BullMQ queue as soon as somebody tells of them, or a second later;
 * while Redis is away, they are worked on without a queue, since the rows alone are the truth.
 */
export function workOnRows(
  { stores, tracing = noTracing, log }: { stores: Stores; tracing?: Tracing; log: Logger },
  rows: RowWork,
): { close(): Promise<void> } {
  const { names, createRedis } = stores
  const { concurrency } = rows
  const work = (rowId: string, parent: string | undefined) => {
    const attributes = { 'momentry.row': rowId }
    return tracing.run(`${rows.queue} work`, { kind: 'consumer', parent, attributes }, () => rows.work(rowId))
  }
  const queue = createJobQueue({
    createRedis,
    prefix: names.queuePrefix,
    queue: rows.queue,
    concurrency,
    attempts: rows.attempts,
    work,
    log,
  })

  const dispatch = async () => {
    const taken = await rows.take(perDispatch)
    if (taken.length === 0 || (await queue.add(taken))) return
    await workWithoutQueue(taken.filter(({ waits }) => waits))
  }

  /** A few at a turn, so that an urgent one that comes meanwhile does not wait for all of them. */
  const workWithoutQueue = async (waiting: readonly DispatchedRow[]) => {
    if (waiting.length === 0) return
    log.warn({ queue: rows.queue, rows: waiting.length }, 'Redis is away: rows are worked on without their queue')
    const later = waiting.slice(concurrency)
    if (later.length > 0) {
      await rows.giveBack(later)
      turns.ask()
    }
    await Promise.all(
      waiting.slice(0, concurrency).map(({ rowId, traceparent }) => work(rowId, traceparent).catch(() => undefined)),
    )
  }

  const turns = takeTurns(dispatch, (error) =>
    log.warn({ err: error, queue: rows.queue }, 'rows could not be put on their queue'),
  )
  const stopListening = listenTo(createRedis, names.rotationChannel, turns.ask)
  const timer = setInterval(turns.ask, dispatchMs)
  turns.ask()
  return {
    async close() {
      clearInterval(timer)
      await stopListening()
      // First the queue: what waits for a Redis that is away is told so, and gives up.
      await queue.close()
      await turns.end()
    },
  }
}
