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
  /** What validation saw of the secret, where that matters to a rotation or raises an alarm. */
  sighting?: Sighting | undefined
}

/** Why a single use raises an alarm: its secret is dead, or its key is for emergencies. */
export const alarms = ['revoked', 'rotated', 'emergency'] as const
export type Alarm = (typeof alarms)[number]

/** A use of a secret as validation saw it. */
export interface Sighting {
  /** false: the service reports the request by itself, so it is counted as usage by that report and not by this. */
  counted: boolean
  /** Which version of the key's credential was used. */
  version: number
  /** The rotation since which uses are told apart by version, where there is one. */
  rotationId: string | undefined
  alarm: Alarm | undefined
  /** Tells one use from all others, so that each can raise an alarm of its own. */
  useId: string
}

/** Tells whether an event counts as usage. */
export function isCounted(event: Pick<UsageEvent, 'sighting'>): boolean {
  return event.sighting?.counted ?? true
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
