import { hash } from 'node:crypto'
import type pg from 'pg'
import { z } from 'zod'
import { type InputIssue, MomentryError } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import { createId } from '../../platform/id.ts'
import { isRedisUnavailable, type RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'
import type { AppendUsage } from '../append.ts'
import { maxAheadMs, type ReportedEvent } from '../event.ts'
import type { ReportUsageInput } from './read.ts'

export interface ReportOptions {
  /** The key that reports: two reporters may choose the same `Idempotency-Key`. */
  reporterKeyId: string
  idempotencyKey: string | undefined
}

/**
 * Takes a report of usage onto the streams, all of it or (with an error) to be sent again as it is.
 * A report counts once however often it comes, where it carries an `Idempotency-Key` or each of its events an `id`.
 * @throws MomentryError `VALIDATION_FAILED` where an event lies in the future or its key is unknown, and nothing was
 *   taken; `IDEMPOTENCY_KEY_REUSED`; `REDIS_UNAVAILABLE`, and then part of it may have been taken
 */
export type ReportUsage = (input: ReportUsageInput, options: ReportOptions) => Promise<{ accepted: number }>

export interface ReportUsageDeps {
  redis: RedisClient
  pool: pg.Pool
  names: Names
  append: AppendUsage
  now: Clock
  /** How long a report is recognised when it comes again. */
  markerSeconds: number
  /** Gives the traceparent of what is under way. */
  trace?: () => string | undefined
}

/** A report without a name is only ever repeated by the driver, within seconds. */
const namelessMarkerSeconds = 300
const maxKnownKeys = 200_000

export function createUsageReporter(deps: ReportUsageDeps): ReportUsage {
  const { redis, pool, names, append, now, markerSeconds, trace } = deps
  // Keys are never deleted, so an id that was found once stays known.
  const known = new Set<string>()

  const unknownAmong = async (events: readonly ReportedEvent[]): Promise<ReadonlySet<string>> => {
    const missing = new Set<string>()
    for (const { keyId } of events) if (!known.has(keyId)) missing.add(keyId)
    if (missing.size === 0) return missing
    const asked = [...missing]
    const { rows } = await pool.query({
      name: 'known-keys',
      text: 'SELECT id FROM api_keys WHERE id = ANY($1::uuid[])',
      values: [asked],
    })
    const found = new Set(
      z
        .array(z.object({ id: z.string() }))
        .parse(rows)
        .map(({ id }) => id),
    )
    // To begin anew now and then costs less than to keep the order of use at each look.
    if (known.size >= maxKnownKeys) known.clear()
    for (const id of found) known.add(id)
    return new Set(asked.filter((id) => !found.has(id)))
  }

  /** Holds a request's name for its content, so that the same name with other events is refused whole. */
  const claimName = async (name: string, fingerprint: string) => {
    const marker = `${names.usageReport}:${name}`
    const before = await redis.set(marker, fingerprint, 'EX', markerSeconds, 'NX', 'GET').catch((error: unknown) => {
      if (!isRedisUnavailable(error)) throw error
      throw new MomentryError('REDIS_UNAVAILABLE', 'usage cannot be taken just now; send the same request again', {
        retryAfterSeconds: 1,
        cause: error,
      })
    })
    if (before === null || before === fingerprint) return
    throw new MomentryError('IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key came with other events before')
  }

  return async ({ events }, { reporterKeyId, idempotencyKey }) => {
    const at = now()
    const times = events.map((event) => (event.at === undefined ? at : Date.parse(event.at)))
    refuseWhere(findIssues(events, { times, now: at, unknown: await unknownAmong(events) }))
    const name = nameOf(events, reporterKeyId, idempotencyKey)
    if (name !== undefined) await claimName(name, fingerprint(JSON.stringify(events)))
    await append(
      name ?? createId(),
      events.map(({ keyId, ip, status, latencyMs }, index) => ({
        ...{ keyId, at: times[index] ?? at, ip, status, latencyMs },
      })),
      name === undefined ? namelessMarkerSeconds : markerSeconds,
      trace?.(),
    )
    return { accepted: events.length }
  }
}

function findIssues(
  events: readonly ReportedEvent[],
  { times, now, unknown }: { times: readonly number[]; now: number; unknown: ReadonlySet<string> },
): InputIssue[] {
  const ids = new Set<string>()
  const issues: InputIssue[] = []
  for (const [index, { id, keyId }] of events.entries()) {
    const add = (field: keyof ReportedEvent, detail: string) =>
      issues.push({ pointer: `/events/${index}/${field}`, detail })
    const time = times[index] ?? now
    if (unknown.has(keyId)) add('keyId', 'there is no such key')
    if (time > now + maxAheadMs) add('at', 'lies more than 60 s in the future')
    if (time < 0) add('at', 'lies before 1970')
    if (id === undefined) continue
    if (ids.has(id)) add('id', 'comes twice in this report')
    ids.add(id)
  }
  return issues
}

function refuseWhere(issues: readonly InputIssue[]): void {
  if (issues.length > 0)
    throw new MomentryError('VALIDATION_FAILED', 'some events cannot be taken; none was', { issues })
}

/** What a report is recognised by: its `Idempotency-Key`, or else its events' own ids where each has one. */
function nameOf(
  events: readonly ReportedEvent[],
  reporterKeyId: string,
  idempotencyKey: string | undefined,
): string | undefined {
  if (idempotencyKey !== undefined) return fingerprint(JSON.stringify([reporterKeyId, 'key', idempotencyKey]))
  const ids = events.map(({ id }) => id)
  return ids.includes(undefined) ? undefined : fingerprint(JSON.stringify([reporterKeyId, 'ids', ids]))
}

function fingerprint(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22)
}
