import { setTimeout as pause } from 'node:timers/promises'
import { alertSchema } from '@momentry/shared/alerts/alert.ts'
import { createNames } from '@momentry/shared/platform/redis/names.ts'
import { Redis } from 'ioredis'
import type pg from 'pg'
import { z } from 'zod'

/** What somebody knows who listens to the alert channel, and reads the rows of what may have been missed after each cut. */
export interface AlertListener {
  /** Ids of anomalies that the channel told of. */
  told: Set<string>
  /** Ids that were only found in the rows, after a cut. */
  caughtUp: Set<string>
  /** Times at which the connection was cut. */
  cuts(): number
  close(): Promise<void>
}

const idRows = z.array(z.object({ id: z.uuid() }))

const againMs = 200

/** Begins to listen. */
export async function listenToAlerts(options: {
  redisUrl: string
  prefix: string
  pool: pg.Pool
}): Promise<AlertListener> {
  const { alertChannel } = createNames(options.prefix)
  const told = new Set<string>()
  const caughtUp = new Set<string>()
  let cuts = 0
  let reading: Promise<void> = Promise.resolve()
  const redis = new Redis(options.redisUrl, { retryStrategy: () => 100, maxRetriesPerRequest: null })
  redis.on('error', () => undefined)
  redis.on('message', (_channel, message: string) => told.add(alertSchema.parse(JSON.parse(message)).data.id))
  await redis.subscribe(alertChannel)

  const catchUp = async (): Promise<void> => {
    const rows = await readIds(options.pool)
    if (!rows) {
      // Postgres is away as well.
      await pause(againMs)
      return catchUp()
    }
    for (const id of rows) if (!told.has(id)) caughtUp.add(id)
  }
  redis.on('ready', () => {
    cuts += 1
    reading = redis.subscribe(alertChannel).then(catchUp, () => undefined)
  })
  return {
    told,
    caughtUp,
    cuts: () => cuts,
    async close() {
      await reading
      redis.disconnect()
    },
  }
}

async function readIds(pool: pg.Pool): Promise<string[] | undefined> {
  try {
    const { rows } = await pool.query('SELECT id FROM api_key_anomalies')
    return idRows.parse(rows).map(({ id }) => id)
  } catch {
    return undefined
  }
}
