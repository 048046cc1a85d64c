import { z } from 'zod'
import { isCounted, isFailed, type UsageEvent } from '../event.ts'
import { groupBy } from '../group.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

/** A key's requests in one minute: key id, minute (ms), requests, errors, sum and count of latencies (ms), newest event (ms). */
const minuteSum = z.tuple([z.uuid(), z.int(), z.int(), z.int(), z.number(), z.int(), z.int()])
/** A key's requests from one address in one hour: key id, hour (ms), address, requests, errors, oldest and newest event (ms). */
const addressSum = z.tuple([z.uuid(), z.int(), z.string(), z.int(), z.int(), z.int(), z.int()])
/** Uses of one version of a secret since a rotation from one address: rotation id, version, address, requests, refused ones, newest (ms). */
const secretSum = z.tuple([z.uuid(), z.int(), z.string(), z.int(), z.int(), z.int()])

export const sumsSchema = z.strictObject({
  minutes: z.array(minuteSum),
  addresses: z.array(addressSum),
  // Sums that were written before there were rotations have none.
  secrets: z.array(secretSum).default([]),
})

/** Stands for an address that nobody knows, where a table wants one. */
const unknownAddress = '::'

/** The sums of some events, as they travel to Postgres. */
export type Sums = z.infer<typeof sumsSchema>
type MinuteSum = Sums['minutes'][number]
type AddressSum = Sums['addresses'][number]
type SecretSum = Sums['secrets'][number]

/** Sums events by key and minute, by key, hour and address, and by the version of the secret where a rotation is watched. */
export function sumEvents(events: readonly UsageEvent[]): Sums {
  const sums: Sums = { minutes: [], addresses: [], secrets: mergeSecrets(events.flatMap(secretSumOf)) }
  for (const [keyId, ofKey] of groupBy(events.filter(isCounted), (event) => event.keyId))
    for (const [hour, ofHour] of groupBy(ofKey, ({ at }) => Math.floor(at / hourMs))) {
      for (const [minute, ofMinute] of groupBy(ofHour, ({ at }) => Math.floor(at / minuteMs)))
        sums.minutes.push(sumMinute(keyId, minute * minuteMs, ofMinute))
      for (const [address, ofAddress] of groupBy(ofHour, ({ ip }) => ip))
        if (address !== undefined) sums.addresses.push(sumAddress(keyId, hour * hourMs, address, ofAddress))
    }
  return sums
}

function sumMinute(keyId: string, minute: number, events: readonly UsageEvent[]): MinuteSum {
  let [errors, latencyMs, samples, newest] = [0, 0, 0, 0]
  for (const event of events) {
    if (isFailed(event)) errors += 1
    if (event.at > newest) newest = event.at
    if (event.latencyMs === undefined) continue
    latencyMs += event.latencyMs
    samples += 1
  }
  return [keyId, minute, events.length, errors, latencyMs, samples, newest]
}

function sumAddress(keyId: string, hour: number, address: string, events: readonly UsageEvent[]): AddressSum {
  let [errors, oldest, newest] = [0, Number.MAX_SAFE_INTEGER, 0]
  for (const event of events) {
    if (isFailed(event)) errors += 1
    if (event.at < oldest) oldest = event.at
    if (event.at > newest) newest = event.at
  }
  return [keyId, hour, address, events.length, errors, oldest, newest]
}

function secretSumOf({ sighting, ip, at, status }: UsageEvent): SecretSum[] {
  if (sighting?.rotationId === undefined) return []
  return [[sighting.rotationId, sighting.version, ip ?? unknownAddress, 1, status === 401 ? 1 : 0, at]]
}

/** Adds up several sums, so that each key and minute (and address) comes once. */
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
  const value: unknown = JSON.parse(text)
  return isSums(value) ? value : sumsSchema.parse(value)
}

const uuid = z.regexes.uuid()

/** Tells what is certainly as the schema has it, at a fraction of its cost; of all else the schema decides. */
function isSums(value: unknown): value is Sums {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 3) return false
  if (!('minutes' in value && 'addresses' in value && 'secrets' in value)) return false
  const { minutes, addresses, secrets } = value
  const areRows = Array.isArray(minutes) && minutes.every(isMinuteSum)
  return areRows && Array.isArray(addresses) && addresses.every(isAddressSum) && isEmpty(secrets)
}

function isMinuteSum(row: unknown): row is MinuteSum {
  if (!Array.isArray(row) || row.length !== 7) return false
  const [keyId, minute, requests, errors, latencyMs, samples, newest]: readonly unknown[] = row
  const areInts = Number.isSafeInteger(minute) && Number.isSafeInteger(requests) && Number.isSafeInteger(errors)
  return (
    areInts &&
    isId(keyId) &&
    Number.isFinite(latencyMs) &&
    Number.isSafeInteger(samples) &&
    Number.isSafeInteger(newest)
  )
}

function isAddressSum(row: unknown): row is AddressSum {
  if (!Array.isArray(row) || row.length !== 7) return false
  const [keyId, hour, address, ...amounts]: readonly unknown[] = row
  return isId(keyId) && Number.isSafeInteger(hour) && typeof address === 'string' && amounts.every(Number.isSafeInteger)
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value)
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function mergeMinutes(rows: Sums['minutes']): Sums['minutes'] {
  return merge(
    rows,
    ([keyId]) => keyId,
    ([, minute]) => minute / minuteMs,
    (a, b) => [a[0], a[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5], Math.max(a[6], b[6])],
  )
}

function mergeAddresses(rows: Sums['addresses']): Sums['addresses'] {
  return merge(
    rows,
    ([keyId]) => keyId,
    ([, hour, address]) => `${hour} ${address}`,
    (a, b) => [a[0], a[1], a[2], a[3] + b[3], a[4] + b[4], Math.min(a[5], b[5]), Math.max(a[6], b[6])],
  )
}

function mergeSecrets(rows: Sums['secrets']): Sums['secrets'] {
  return merge(
    rows,
    ([rotationId]) => rotationId,
    ([, version, address]) => `${version} ${address}`,
    (a, b) => [a[0], a[1], a[2], a[3] + b[3], a[4] + b[4], Math.max(a[5], b[5])],
  )
}

/** Adds up rows that agree in both of what tells them apart. The statements that write them put them in order. */
function merge<T>(
  rows: readonly T[],
  first: (row: T) => string,
  second: (row: T) => string | number,
  add: (a: T, b: T) => T,
): T[] {
  const merged: T[] = []
  for (const [, ofFirst] of groupBy(rows, first))
    for (const [, same] of groupBy(ofFirst, second)) merged.push(same.reduce(add))
  return merged
}
