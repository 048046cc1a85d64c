import { z } from 'zod'
import { alarms, type Sighting, type UsageEvent } from './event.ts'

/*
 * A stream entry is the sub-batch of one request for one partition, as one JSON field: rows grouped by key, each row
 * [at, ip, status, latencyMs], with a fifth part where validation saw the secret. One JSON field is read and written at
 * 1.5 times the rate of a field per value.
 */
const sighting = z.tuple([z.boolean(), z.int().min(1), z.uuid().nullable(), z.enum(alarms).nullable(), z.uuid()])
const row = z.tuple([
  z.int().min(0),
  z.string().max(45).nullable(),
  z.int().min(0).max(999),
  z.number().nullable(),
  sighting.optional(),
])
export const entrySchema = z.strictObject({ v: z.literal(1), keys: z.record(z.uuid(), z.array(row)) })

/** Writes a sub-batch as an entry's text, by hand: an object that is made to be written once, with a hundred keys, costs twice that. */
export function encodeEntry(events: readonly UsageEvent[]): string {
  const keys = new Map<string, string>()
  for (const event of events) {
    const rows = keys.get(event.keyId)
    keys.set(event.keyId, rows === undefined ? encodeRow(event) : `${rows},${encodeRow(event)}`)
  }
  let text = ''
  for (const [keyId, rows] of keys) text += `${text === '' ? '' : ','}"${keyId}":[${rows}]`
  return `{"v":1,"keys":{${text}}}`
}

function encodeRow({ at, ip, status, latencyMs, sighting }: UsageEvent): string {
  const seen = sighting === undefined ? '' : `,${JSON.stringify(packSighting(sighting))}`
  return `[${at},${ip === undefined ? 'null' : JSON.stringify(ip)},${status},${latencyMs ?? null}${seen}]`
}

/** Reads an entry's text. @throws SyntaxError or ZodError where it is none */
export function decodeEntry(text: string): UsageEvent[] {
  const value: unknown = JSON.parse(text)
  return readPlain(value) ?? toEvents(entrySchema.parse(value))
}

function toEvents({ keys }: z.infer<typeof entrySchema>): UsageEvent[] {
  return Object.entries(keys).flatMap(([keyId, rows]) =>
    rows.map(([at, ip, status, latencyMs, seen]) => ({
      keyId,
      at,
      ip: ip ?? undefined,
      status,
      latencyMs: latencyMs ?? undefined,
      ...(seen && { sighting: unpackSighting(seen) }),
    })),
  )
}

const uuid = z.regexes.uuid()

/**
 * Reads what an entry holds as the schema does, at a fraction of its cost (a property test holds the two together).
 * @returns undefined for what is not certainly fine, and where there are sightings: then the schema is to be asked
 */
function readPlain(value: unknown): UsageEvent[] | undefined {
  if (!isRecord(value) || value['v'] !== 1 || !isRecord(value['keys']) || Object.keys(value).length !== 2)
    return undefined
  const events: UsageEvent[] = []
  for (const [keyId, rows] of Object.entries(value['keys'])) {
    if (!uuid.test(keyId) || !Array.isArray(rows)) return undefined
    for (const row of rows) {
      const event = readPlainRow(keyId, row)
      if (event === undefined) return undefined
      events.push(event)
    }
  }
  return events
}

function readPlainRow(keyId: string, row: unknown): UsageEvent | undefined {
  if (!Array.isArray(row) || row.length !== 4) return undefined
  const [at, ip, status, latencyMs]: readonly unknown[] = row
  const isFine =
    isWhole(at, Number.MAX_SAFE_INTEGER) &&
    (ip === null || (typeof ip === 'string' && ip.length <= 45)) &&
    isWhole(status, 999) &&
    (latencyMs === null || (typeof latencyMs === 'number' && Number.isFinite(latencyMs)))
  return isFine ? { keyId, at, ip: ip ?? undefined, status, latencyMs: latencyMs ?? undefined } : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWhole(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max
}

function packSighting({ counted, version, rotationId, alarm, useId }: Sighting): z.infer<typeof sighting> {
  return [counted, version, rotationId ?? null, alarm ?? null, useId]
}

function unpackSighting([counted, version, rotationId, alarm, useId]: z.infer<typeof sighting>): Sighting {
  return { counted, version, rotationId: rotationId ?? undefined, alarm: alarm ?? undefined, useId }
}
