import { z } from 'zod'
import { isCounted, isFailed, type UsageEvent } from '../event.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

/** A key's requests in one minute: key id, minute (ms), requests, errors, sum and count of latencies (ms), newest event (ms). */
const minuteSum = z.tuple([z.uuid(), z.int(), z.int(), z.int(), z.number(), z.int(), z.int()])
/** A key's requests from one address in one hour: key id, hour (ms), address, requests, errors, oldest and newest event (ms). */
const addressSum = z.tuple([z.uuid(), z.int(), z.string(), z.int(), z.int(), z.int(), z.int()])
/** Uses of one version of a secret since a rotation from one address: rotation id, version, address, requests, refused ones, newest (ms). */
const secretSum = z.tuple([z.uuid(), z.int(), z.string(), z.int(), z.int(), z.int()])

const document = z.strictObject({
  minutes: z.array(minuteSum),
  addresses: z.array(addressSum),
  // Sums that were written before there were rotations have none.
  secrets: z.array(secretSum).default([]),
})

/** Stands for an address that nobody knows, where a table wants one. */
const unknownAddress = '::'

/** The sums of some events, as they travel to Postgres. */
export type Sums = z.infer<typeof document>

/** Sums events by key and minute, by key, hour and address, and by the version of the secret where a rotation is watched. */
export function sumEvents(events: readonly UsageEvent[]): Sums {
  const counted = events.filter(isCounted)
  const minutes = counted.map((event): Sums['minutes'][number] => [
    event.keyId,
    event.at - (event.at % minuteMs),
    1,
    isFailed(event) ? 1 : 0,
    event.latencyMs ?? 0,
    event.latencyMs === undefined ? 0 : 1,
    event.at,
  ])
  const addresses = counted.flatMap((event): Sums['addresses'] =>
    event.ip === undefined
      ? []
      : [[event.keyId, event.at - (event.at % hourMs), event.ip, 1, isFailed(event) ? 1 : 0, event.at, event.at]],
  )
  const secrets = events.flatMap(({ sighting, ip, at, status }): Sums['secrets'] =>
    sighting?.rotationId === undefined
      ? []
      : [[sighting.rotationId, sighting.version, ip ?? unknownAddress, 1, status === 401 ? 1 : 0, at]],
  )
  return { minutes: mergeMinutes(minutes), addresses: mergeAddresses(addresses), secrets: mergeSecrets(secrets) }
}

/** Adds up several sums, so that each key and minute (and address) comes once, in a fixed order. */
export function mergeSums(parts: readonly Sums[]): Sums {
  return {
    minutes: mergeMinutes(parts.flatMap((part) => part.minutes)),
    addresses: mergeAddresses(parts.flatMap((part) => part.addresses)),
    secrets: mergeSecrets(parts.flatMap((part) => part.secrets)),
  }
}

/** Counts the requests of some sums by month of event time, UTC: `2026-01`. */
export function countByMonth({ minutes }: Sums): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [, minute, requests] of minutes) {
    const month = new Date(minute).toISOString().slice(0, 7)
    counts.set(month, (counts.get(month) ?? 0) + requests)
  }
  return counts
}

/** @throws SyntaxError or ZodError where the text holds no sums */
export function parseSums(text: string): Sums {
  return document.parse(JSON.parse(text))
}

function mergeMinutes(rows: Sums['minutes']): Sums['minutes'] {
  return merge(
    rows,
    ([keyId, minute]) => `${keyId} ${minute}`,
    (a, b) => [a[0], a[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5], Math.max(a[6], b[6])],
  )
}

function mergeAddresses(rows: Sums['addresses']): Sums['addresses'] {
  return merge(
    rows,
    ([keyId, hour, address]) => `${keyId} ${hour} ${address}`,
    (a, b) => [a[0], a[1], a[2], a[3] + b[3], a[4] + b[4], Math.min(a[5], b[5]), Math.max(a[6], b[6])],
  )
}

function mergeSecrets(rows: Sums['secrets']): Sums['secrets'] {
  return merge(
    rows,
    ([rotationId, version, address]) => `${rotationId} ${version} ${address}`,
    (a, b) => [a[0], a[1], a[2], a[3] + b[3], a[4] + b[4], Math.max(a[5], b[5])],
  )
}

/** Sorted, since two flushes that lock the same rows in one order cannot block each other. */
function merge<T>(rows: readonly T[], identify: (row: T) => string, add: (a: T, b: T) => T): T[] {
  const merged = new Map<string, T>()
  for (const row of rows) {
    const id = identify(row)
    const present = merged.get(id)
    merged.set(id, present === undefined ? row : add(present, row))
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}
