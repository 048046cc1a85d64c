import { z } from 'zod'

const count = z.int().min(0)
const time = z.iso.datetime()

/** Addresses of one answer at the most, those that were seen last. */
export const maxAddresses = 100
/** How far back addresses and averages reach. */
export const activityDays = 7

/** What a key does lately, and when it usually does it. */
export const activitySchema = z
  .object({
    lastUsedAt: time.nullable(),
    requestsLastHour: count.meta({ description: 'In the last 60 minutes' }),
    requestsPerHour: z
      .number()
      .min(0)
      .meta({
        description: `Average over the last ${activityDays} days, or over the key's life where that is shorter`,
      }),
    addresses: z
      .array(z.object({ address: z.string(), requests: count, errors: count, firstSeenAt: time, lastSeenAt: time }))
      .meta({ description: `Of the last ${activityDays} days; the last seen first, at most ${maxAddresses}` }),
    addressCount: count.meta({ description: `Different addresses of the last ${activityDays} days` }),
    hourOfWeek: z
      .array(count)
      .length(168)
      .meta({ description: 'Requests by hour of the week, UTC, Monday 00 first: what `unusual_time` learns from' }),
    habit: z
      .object({
        days: z.number().min(0).meta({ description: 'How long the key has been watched' }),
        requests: count.meta({ description: 'All that `hourOfWeek` holds' }),
        ready: z.boolean().meta({ description: 'Enough is known for `unusual_time` to judge' }),
      })
      .nullable()
      .meta({ description: 'null: what detection has learnt is out of reach just now; `hourOfWeek` is all 0' }),
  })
  .meta({ id: 'KeyActivity' })
export type KeyActivity = z.infer<typeof activitySchema>
