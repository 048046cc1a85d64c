import { z } from 'zod'
import { maxEventsPerReport, type ReportedEvent, usageEventSchema } from '../event.ts'

export const reportUsageSchema = z
  .strictObject({ events: z.array(usageEventSchema).min(1).max(maxEventsPerReport) })
  .meta({ id: 'ReportUsage' })
export type ReportUsageInput = z.output<typeof reportUsageSchema>

type Fields = Readonly<Record<string, unknown>>

const uuid = z.regexes.uuid()
const time = z.regexes.datetime({ offset: true })
const ipv4 = z.regexes.ipv4
const ipSchema = usageEventSchema.shape.ip

/** Addresses as they were written, with their one form: they come again and again, and are dear to read. */
const addresses = new Map<string, string>()
const maxAddresses = 50_000

/**
 * Reads a report as `reportUsageSchema` does, at a fraction of its cost (a property test holds the two together).
 * @param value what came as JSON
 * @returns undefined for what is not certainly fine: then the schema is to be asked, which can say what is wrong
 */
export function readReport(value: unknown): ReportUsageInput | undefined {
  if (!isRecord(value) || Object.keys(value).length !== 1 || !Array.isArray(value['events'])) return undefined
  const given: readonly unknown[] = value['events']
  if (given.length === 0 || given.length > maxEventsPerReport) return undefined
  const events: ReportedEvent[] = []
  for (const one of given) {
    const event = isRecord(one) ? readEvent(one) : undefined
    if (event === undefined) return undefined
    events.push(event)
  }
  return { events }
}

/** Gives an event's fields in the order in which the schema gives them: a report is recognised by its text. */
function readEvent(given: Fields): ReportedEvent | undefined {
  const { id, keyId, at, ip, status, method, path, latencyMs } = given
  if (typeof keyId !== 'string' || !uuid.test(keyId) || !isNumber(status, 100, 599) || !Number.isInteger(status))
    return undefined
  const address = ip === undefined ? undefined : readAddress(ip)
  const isFine =
    isTextOrAbsent(id, 1, 100) &&
    (at === undefined || (typeof at === 'string' && time.test(at))) &&
    (address === undefined) === (ip === undefined) &&
    isTextOrAbsent(method, 1, 20) &&
    isTextOrAbsent(path, 0, 2048) &&
    (latencyMs === undefined || isNumber(latencyMs, 0, 86_400_000))
  if (!isFine) return undefined
  const event = { id, keyId: keyId.toLowerCase(), at, ip: address, status, method, path, latencyMs }
  return countPresent(event) === Object.keys(given).length ? event : undefined
}

/** How many fields an event has: JSON knows no field that is there and undefined. */
function countPresent(event: ReportedEvent): number {
  let present = 0
  for (const value of Object.values(event)) if (value !== undefined) present += 1
  return present
}

function readAddress(ip: unknown): string | undefined {
  if (typeof ip !== 'string') return undefined
  // As the schema wants it, one of IPv4 has but one form.
  if (ipv4.test(ip)) return ip
  const known = addresses.get(ip)
  if (known !== undefined) return known
  const read = ipSchema.safeParse(ip).data
  if (read === undefined) return undefined
  // To begin anew now and then costs less than to keep the order of use at each look.
  if (addresses.size >= maxAddresses) addresses.clear()
  addresses.set(ip, read)
  return read
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Units of UTF-16 are counted, of which there are never fewer than of the characters that the schema counts. */
function isTextOrAbsent(value: unknown, min: number, max: number): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length >= min && value.length <= max)
}

function isNumber(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max
}
