import { type Config, readConfig } from '../../config.ts'
import { MomentryError } from '../../errors.ts'
import { startTracing } from '../tracing/start.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { createLogger, type Logger } from './log.ts'

/**
 * By then the last lines of the log are written, or it is known that nobody reads them any more. At an exit with lines that
 * are not, pino's stream would try for ever to write them to a reader that is gone.
 */
const lastLinesMs = 100
/** How long a process may take to drain before it is ended all the same. */
const drainMs = 15_000

export interface Running {
  /** Told to a parent process, where there is one: URLs of what this process serves. */
  ready: Record<string, unknown>
  /** Stops taking work, finishes what is under way and closes all connections. */
  stop(): Promise<void>
}

/**
 * Runs a process: reads its configuration, starts it, tells a parent when it is ready, and drains it on SIGTERM, on
 * SIGINT, or when the parent that started it is gone (its IPC channel closes, even where it was killed).
 * A start that fails for a reason that people can mend is one line on standard error, and exit code 1.
 */
export async function runProcess(
  name: string,
  start: (config: Config, log: Logger, tracing: Tracing) => Promise<Running>,
): Promise<void> {
  let config: Config
  let running: Running
  let log: Logger
  let tracing: Tracing
  try {
    config = readConfig(process.env)
    log = createLogger({ name, level: config.logLevel })
    tracing = await startTracing(config.tracing, name, log)
    running = await start(config, log, tracing)
  } catch (error) {
    explain(name, error)
    process.exit(1)
  }
  const stop = stopOnSignals(log, running, tracing)
  // A parent that went while this process was starting hears nothing any more; where there was none this is undefined.
  if (process.connected === false) return stop('the parent process is gone')
  process.send?.({ type: 'ready', ...running.ready })
  log.info(running.ready, 'ready')
}

function stopOnSignals(log: Logger, running: Running, tracing: Tracing): (reason: string) => Promise<void> {
  let stopping = false
  const stop = async (reason: string) => {
    if (stopping) return
    stopping = true
    log.info({ reason }, 'stopping')
    setTimeout(() => {
      log.error('did not drain in time')
      exitSoon(1)
    }, drainMs).unref()
    try {
      await running.stop()
      await tracing.close()
      log.info('stopped')
      exitSoon(0)
    } catch (error) {
      log.error({ err: error }, 'stopping failed')
      exitSoon(1)
    }
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  process.on('disconnect', () => void stop('the parent process is gone'))
  return stop
}

function exitSoon(code: number): void {
  setTimeout(() => process.exit(code), lastLinesMs)
}

function explain(name: string, error: unknown): void {
  if (error instanceof MomentryError) process.stderr.write(`momentry ${name}: ${error.message}\n`)
  else if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    process.stderr.write(`momentry ${name}: its port is taken: choose another (PORT, METRICS_PORT)\n`)
  } else throw error
}
