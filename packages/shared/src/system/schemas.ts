import { z } from 'zod'

const time = z.iso.datetime()
const count = z.int().min(0)

/** A process of Momentry, as its last heartbeat tells. */
export const processSchema = z.object({
  id: z.string(),
  app: z.string().meta({ description: 'api, worker or alerter' }),
  pid: z.int(),
  host: z.string(),
  version: z.string(),
  startedAt: time,
  seenAt: time.meta({ description: 'Its last heartbeat; one comes every 5 s' }),
  healthy: z.boolean().meta({ description: 'false: nothing was heard of it for more than 15 s, so it died or hangs' }),
  cpu: z
    .number()
    .min(0)
    .nullable()
    .meta({ description: 'Cores that it used since the heartbeat before; 1 is one core' }),
  rssBytes: count.meta({ description: 'Memory that it takes' }),
})

export const systemSchema = z
  .object({
    processes: z
      .array(processSchema)
      .meta({ description: 'Processes that ended as they should are not among them; one that died is for 5 minutes' }),
    streams: z.array(
      z.object({
        name: z.enum(['usage', 'anomalies']),
        partition: count,
        length: count.meta({ description: 'Entries that nobody has dealt with' }),
        pending: count.meta({ description: 'Of these, handed out' }),
        dead: count.meta({ description: 'Entries that could not be read, put aside' }),
        lagSeconds: z.number().min(0).meta({ description: 'How long the oldest entry has waited' }),
      }),
    ),
    totals: z.object({
      usageLag: count.meta({ description: 'Entries on all usage streams' }),
      anomalyLag: count.meta({ description: 'Entries on all anomaly streams' }),
    }),
    redis: z.object({
      connected: z.boolean(),
      usedBytes: count.nullable().meta({ description: 'Over all masters of a cluster' }),
      maxBytes: count.nullable().meta({ description: 'maxmemory; null: no limit, or not known' }),
    }),
    postgres: z.object({
      connected: z.boolean(),
      bytes: count.nullable().meta({ description: 'What the database takes on disk' }),
    }),
    time: time.meta({ description: 'Now, by the clock of the process that answers' }),
  })
  .meta({ id: 'System' })
export type System = z.infer<typeof systemSchema>
export type SystemProcess = z.infer<typeof processSchema>
