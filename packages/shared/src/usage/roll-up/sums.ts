import { z } from 'zod'
import { isCounted, isFailed, type UsageEvent } from '../event.ts'
import { groupBy } from '../group.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

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

/** The sums of some events. */
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

/** Counts the requests of some sums by month of event time, UTC: `2026-01`. */
export function countByMonth({ minutes }: Sums): Record<string, number> {
  const days = new Map<number, number>()
  for (const [, minute, requests] of minutes) {
    const day = Math.floor(minute / dayMs)
    days.set(day, (days.get(day) ?? 0) + requests)
  }
  const months: Record<string, number> = {}
  for (const [day, requests] of days) {
    const month = new Date(day * dayMs).toISOString().slice(0, 7)
    months[month] = (months[month] ?? 0) + requests
  }
  return months
}

function mergeSecrets(rows: Sums['secrets']): Sums['secrets'] {
  const merged: Sums['secrets'] = []
  for (const [, ofRotation] of groupBy(rows, ([rotationId]) => rotationId))
    for (const [, same] of groupBy(ofRotation, ([, version, address]) => `${version} ${address}`))
      merged.push(same.reduce((a, b) => [a[0], a[1], a[2], a[3] + b[3], a[4] + b[4], Math.max(a[5], b[5])]))
  return merged
}
