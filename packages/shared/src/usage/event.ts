import { z } from 'zod'
import { normalizeAddress } from '../platform/address.ts'
import { idSchema } from '../platform/id.ts'

/** One request made with a key, as the streams carry it. */
export interface UsageEvent {
  keyId: string
  /** When it was made, in milliseconds since 1970 (event time). */
  at: number
  /** The address it came from, where that is known. */
  ip: string | undefined
  /** HTTP status; 400 and above, a refused validation among them, count as failed. */
  status: number
  latencyMs: number | undefined
}

/** DESIGN.md section 7: an event further than this in the future is refused. */
export const maxAheadMs = 60_000

/** Events of one report at the most (DESIGN.md section 6). */
export const maxEventsPerReport = 1000

/** One event as a service reports it. */
export const usageEventSchema = z.strictObject({
  id: z.string().min(1).max(100).optional(),
  keyId: idSchema,
  at: z.iso.datetime({ offset: true }).optional(),
  ip: z
    .union([z.ipv4(), z.ipv6()])
    .transform((text) => normalizeAddress(text) ?? text)
    .optional(),
  status: z.int().min(100).max(599),
  method: z.string().min(1).max(20).optional(),
  path: z.string().max(2048).optional(),
  latencyMs: z.number().min(0).max(86_400_000).optional(),
})

export type ReportedEvent = z.infer<typeof usageEventSchema>

/** Tells whether a request failed, for the sums and for the rule `high_error_rate`. */
export function isFailed(event: Pick<UsageEvent, 'status'>): boolean {
  return event.status >= 400
}
