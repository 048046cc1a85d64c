import type { Queryable } from '../platform/postgres/client.ts'
import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import type { LoggedAlert } from './logged.ts'
import { latestSeq, readLog } from './read-log.ts'

/** The log as any number of readers of one process follow it, each at its own pace. */
export interface AlertFeed {
  /** Gives the number of the last alert: where a reader begins that wants what comes from now on. */
  latest(): Promise<number>
  /** Gives alerts after a number, oldest first; none where there are none yet. */
  read(after: number): Promise<LoggedAlert[]>
  /** Waits until there is more after a number, but no longer than so long (ms), or until the signal aborts. @returns whether it is worth a read */
  wait(after: number, ms: number, signal: AbortSignal): Promise<boolean>
  close(): void
}

/** Alerts that are read at once, and that are kept so that readers that are up to date share one query. */
const pageSize = 200
/** Looks by itself so often while somebody waits: what was published while Redis was away rang no bell. */
const lookMs = 2_000

/**
 * Follows the log for as long as the process lives. The channel is only a bell: what is read, and in which order, is what
 * Postgres has committed, so that nothing is missed and nothing comes twice, whatever becomes of Redis.
 * @param deps.redis a connection of the role `subscriber`, for this alone
 */
export function createAlertFeed(deps: { db: Queryable; redis: RedisClient; names: Names; log: Logger }): AlertFeed {
  const { db, redis, names, log } = deps
  const waiting = new Set<(more: boolean) => void>()
  /** The end of the log as far as it is known; undefined until somebody waits for the first time. */
  let end: number | undefined
  /** What comes right before that end, without a gap. */
  let tail: LoggedAlert[] = []

  const wake = () => {
    for (const resume of [...waiting]) resume(true)
  }
  const look = async () => {
    end ??= await latestSeq(db)
    const rows = await readLog(db, end, pageSize)
    const last = rows.at(-1)
    if (last) {
      end = last.seq
      tail = [...tail, ...rows].slice(-pageSize)
      wake()
    } else if ((await latestSeq(db)) < end) {
      // A backup was restored: the log goes on from an earlier number.
      end = undefined
      tail = []
      wake()
    }
    return rows.length === pageSize
  }
  const ring = oneAtATime(async () => {
    if (waiting.size > 0) while (await look());
  }, log)

  redis.on('message', ring)
  redis.on('ready', ring)
  redis
    .subscribe(names.alertChannel)
    .catch((error: unknown) => log.warn({ err: error }, 'the alert channel is out of reach'))
  const looking = setInterval(ring, lookMs)

  return {
    latest: () => latestSeq(db),
    read: async (after) => {
      // Whoever waits after that makes somebody look, so that what is new by now is not missed.
      if (after === end) return []
      const first = tail[0]?.seq
      if (first === undefined || end === undefined || after < first - 1 || after > end)
        return readLog(db, after, pageSize)
      return tail.filter(({ seq }) => seq > after)
    },
    wait(after, ms, signal) {
      if (signal.aborted) return Promise.resolve(false)
      if (end !== undefined && end > after) return Promise.resolve(true)
      return new Promise((resolve) => {
        const resume = (more: boolean) => {
          waiting.delete(resume)
          clearTimeout(late)
          signal.removeEventListener('abort', giveUp)
          resolve(more)
        }
        const giveUp = () => resume(false)
        const late = setTimeout(giveUp, ms)
        signal.addEventListener('abort', giveUp)
        waiting.add(resume)
        // Nobody has looked while nobody waited.
        if (waiting.size === 1) ring()
      })
    },
    close: () => clearInterval(looking),
  }
}

/** Does the work when asked, and once more where it was asked for meanwhile. A failure is logged once, until it goes. */
function oneAtATime(work: () => Promise<void>, log: Logger): () => void {
  let state: 'idle' | 'working' | 'asked' = 'idle'
  let failing = false
  const run = async () => {
    do {
      state = 'working'
      try {
        await work()
        failing = false
      } catch (error) {
        if (!failing) log.warn({ err: error }, 'the alert log cannot be read just now')
        failing = true
      }
    } while (wasAsked())
    state = 'idle'
  }
  const wasAsked = () => state === 'asked'
  return () => {
    if (state === 'idle') void run()
    else state = 'asked'
  }
}
