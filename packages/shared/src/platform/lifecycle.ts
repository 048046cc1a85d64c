import type { Logger } from './log.ts'

/** How long a process may take to drain before it is ended all the same. */
const drainMs = 15_000

export interface Running {
  /** Told to a parent process, where there is one: `{url}` of what this process serves. */
  ready: Record<string, unknown>
  /** Stops taking work, finishes what is under way and closes all connections. */
  stop(): Promise<void>
}

/**
 * Runs a process: starts it, tells a parent when it is ready, and drains it on SIGTERM, on SIGINT, or when the parent
 * that started it is gone (its IPC channel closes, even where it was killed).
 */
export async function runProcess(log: Logger, start: () => Promise<Running>): Promise<void> {
  const running = await start()
  let stopping = false
  const stop = async (reason: string) => {
    if (stopping) return
    stopping = true
    log.info({ reason }, 'stopping')
    setTimeout(() => {
      log.error('did not drain in time')
      process.exit(1)
    }, drainMs).unref()
    try {
      await running.stop()
      log.info('stopped')
      process.exit(0)
    } catch (error) {
      log.error({ err: error }, 'stopping failed')
      process.exit(1)
    }
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  process.on('disconnect', () => void stop('the parent process is gone'))
  process.send?.({ type: 'ready', ...running.ready })
  log.info(running.ready, 'ready')
}
