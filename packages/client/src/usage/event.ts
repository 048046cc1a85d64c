/** One request made with a key. */
export interface UsageEvent {
  keyId: string
  /** The HTTP status that it was answered with. */
  status: number
  /** When it was made, RFC 3339; the moment of the report where absent. */
  at?: string | undefined
  /** The address that it came from. */
  ip?: string | undefined
  latencyMs?: number | undefined
  /** Checked by Momentry and not stored. */
  method?: string | undefined
  /** Checked by Momentry and not stored. */
  path?: string | undefined
  /** Your own name of it. */
  id?: string | undefined
}

/** Events of one report at the most. */
export const maxEventsPerReport = 1000

/**
 * Copies an event, with its time, and with nothing in it that Momentry does not take.
 * @returns undefined for what is no event, whatever its type says
 */
export function toEvent(given: UsageEvent, now: number): UsageEvent | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const { keyId, status, at = new Date(now).toISOString(), ip, latencyMs, method, path, id } = given
  const areTexts = [at, ip, method, path, id].every((text) => text === undefined || typeof text === 'string')
  if (typeof keyId !== 'string' || !Number.isInteger(status) || !areTexts) return undefined
  if (latencyMs !== undefined && !Number.isFinite(latencyMs)) return undefined
  return { keyId, status, at, ip, latencyMs, method, path, id }
}
