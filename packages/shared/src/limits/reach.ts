import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'

/** Whether Redis can be asked: one failure is enough for no request to wait for it until it answers again. */
export interface Reach {
  isAway(): boolean
  /** A question failed. */
  report(error: unknown): void
  close(): void
}

/** How often it is asked whether it is back. */
const probeMs = 1_000

/** @param onBack called each time when Redis is back */
export function watchReach(deps: { redis: RedisClient; log: Logger }, onBack: () => void): Reach {
  const { redis, log } = deps
  let probe: NodeJS.Timeout | undefined
  let away = false
  let closed = false

  const isBack = () =>
    redis.ping().then(
      () => true,
      () => false,
    )
  const arm = () => {
    probe = setTimeout(async () => {
      if (!(await isBack())) return closed || arm()
      away = false
      onBack()
    }, probeMs)
    probe.unref()
  }

  return {
    isAway: () => away,
    report(error) {
      if (away) return
      away = true
      log.warn({ err: error }, 'limits of keys are counted by this process alone')
      if (!closed) arm()
    },
    close() {
      closed = true
      clearTimeout(probe)
    },
  }
}
