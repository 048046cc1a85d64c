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
const document = z.strictObject({ v: z.literal(1), keys: z.record(z.uuid(), z.array(row)) })

/** Writes a sub-batch as an entry's text. */
export function encodeEntry(events: readonly UsageEvent[]): string {
  const keys: Record<string, z.infer<typeof row>[]> = {}
  for (const event of events) {
    keys[event.keyId] ??= []
    const { at, ip, status, latencyMs, sighting } = event
    const seen = sighting && ([packSighting(sighting)] as const)
    keys[event.keyId]?.push([at, ip ?? null, status, latencyMs ?? null, ...(seen ?? [])])
  }
  return JSON.stringify({ v: 1, keys } satisfies z.infer<typeof document>)
}

/** Reads an entry's text. @throws SyntaxError or ZodError where it is none */
export function decodeEntry(text: string): UsageEvent[] {
  const { keys } = document.parse(JSON.parse(text))
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

function packSighting({ counted, version, rotationId, alarm, useId }: Sighting): z.infer<typeof sighting> {
  return [counted, version, rotationId ?? null, alarm ?? null, useId]
}

function unpackSighting([counted, version, rotationId, alarm, useId]: z.infer<typeof sighting>): Sighting {
  return { counted, version, rotationId: rotationId ?? undefined, alarm: alarm ?? undefined, useId }
}
