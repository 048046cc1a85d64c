import { join } from 'node:path'
import { parseMasterKeys } from '@momentry/shared/config/fields.ts'
import type { Config } from '@momentry/shared/config.ts'
import { migrateDatabase } from '@momentry/shared/platform/postgres/migrate.ts'
import { auditPurpose, createSigner } from '@momentry/shared/platform/sign.ts'
import { startAll } from './children/start-all.ts'
import { endLeftovers } from './data-dir/end-leftovers.ts'
import { refuseHolder, takeLock } from './data-dir/lock.ts'
import { readOrMakeMasterKey } from './data-dir/master-key.ts'
import { createRuntimeFile } from './data-dir/runtime-file.ts'
import { makeFirstKey } from './first-key.ts'
import type { Output } from './output.ts'
import { choosePort, localUrl } from './ports.ts'
import { aborted, type StopRequest } from './stop-request.ts'
import { openPostgres, openRedis } from './stores/open.ts'
import { requireStores } from './stores/require-answer.ts'

export interface Launched {
  apiUrl: string
  dataDir: string
  /** The secret of the first system key, where this start made it. */
  firstKey: string | undefined
}

export interface LaunchOptions {
  config: Config
  /** The root of the checkout. */
  root: string
  /** Whether the processes run from their bundles, and not from their sources. */
  bundled: boolean
  output: Output
  request: StopRequest
  /** Is given what undoes each step, in the order of the steps; also where a later step fails. */
  onUndo(undo: () => Promise<void>): void
}

/**
 * Starts everything, in order: stores, schema, first key, and then the processes, side by side.
 * @throws Error, one line for people, where a step fails; AbortError where it was asked to stop meanwhile
 */
export async function launch({ config, root, bundled, output, request, onUndo }: LaunchOptions): Promise<Launched> {
  const { dataDir, host } = config
  const { say, warn } = output
  await refuseHolder(dataDir)
  await endLeftovers(dataDir, say)
  const port = await choosePort(config)
  await requireStores(config)
  onUndo(await takeLock(dataDir))

  const runtime = createRuntimeFile(dataDir)
  const postgres = await openPostgres({ config, say, warn, onRestart: runtime.refresh })
  onUndo(postgres.close)
  const redis = await openRedis({ config, say, warn, onRestart: runtime.refresh })
  onUndo(redis.close)
  request.stop.throwIfAborted()

  await migrateDatabase(postgres.url)
  const masterKey = config.masterKeys?.join(',') ?? (await readOrMakeMasterKey(dataDir))
  const firstKey = await makeFirstKey(postgres.url, dataDir, createSigner(parseMasterKeys(masterKey), auditPurpose))
  request.stop.throwIfAborted()

  const env = {
    ...process.env,
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    MOMENTRY_MASTER_KEY: masterKey,
    MOMENTRY_DATA_DIR: dataDir,
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(dataDir, 'compile-cache'),
  }
  const processes = await startAll({ root, bundled, host, port, env, output, onReady: runtime.refresh })
  const { api, worker, alerter, metrics } = processes
  for (const child of [alerter, worker, api]) onUndo(() => child.stop(request.hurry))
  await Promise.race([processes.ready, aborted(request.stop)])
  request.stop.throwIfAborted()

  const apiUrl = localUrl(host, port)
  onUndo(runtime.close)
  await runtime.open(() => ({
    apiUrl,
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    pids: {
      launcher: process.pid,
      api: api.pid(),
      worker: worker.pid(),
      alerter: alerter.pid(),
      postgres: postgres.pid(),
      redis: redis.pid(),
    },
    metrics,
  }))
  return { apiUrl, dataDir, firstKey }
}
