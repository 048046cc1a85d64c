import { InvalidArgumentError } from 'commander'
import { z } from 'zod'

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
const relative = /^(\d{1,6})([smhdw])$/
const timeSchema = z.union([z.iso.datetime({ offset: true }), z.iso.date()])

/** Reads a moment for an option. @throws InvalidArgumentError */
export function parseMoment(text: string): string {
  return momentAt(text, Date.now())
}

/** Reads a moment to come for an option. @throws InvalidArgumentError */
export function parseDeadline(text: string): string {
  return deadlineAt(text, Date.now())
}

/**
 * Reads a moment: RFC 3339 (`2026-01-31T12:00:00Z`), a day (its beginning, UTC), or how long ago (`90m`, `24h`, `7d`).
 * @returns RFC 3339, UTC
 * @throws InvalidArgumentError
 */
export function momentAt(text: string, now: number): string {
  const ago = durationMs(text)
  if (ago !== undefined) return new Date(now - ago).toISOString()
  if (!timeSchema.safeParse(text).success)
    throw new InvalidArgumentError('Try 2026-01-31, 2026-01-31T12:00:00Z, 24h or 7d.')
  return new Date(text).toISOString()
}

/** Reads a moment to come: RFC 3339, a day, or how long from now (`30d`). @throws InvalidArgumentError */
export function deadlineAt(text: string, now: number): string {
  const ahead = durationMs(text)
  return ahead === undefined ? momentAt(text, now) : new Date(now + ahead).toISOString()
}

/** Reads a length of time for an option, in seconds. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const ms = durationMs(text)
  if (ms === undefined) throw new InvalidArgumentError('Try 90s, 30m, 2h or 7d.')
  return ms / 1000
}

function durationMs(text: string): number | undefined {
  const match = relative.exec(text)
  const unit = z.enum(['s', 'm', 'h', 'd', 'w']).safeParse(match?.[2])
  return match && unit.success ? Number(match[1]) * unitMs[unit.data] : undefined
}
