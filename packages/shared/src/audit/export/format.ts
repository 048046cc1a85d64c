import { z } from 'zod'

/*
 * An export is lines of JSON: what it is, then for each day its head followed by its rows, and at last a line that says
 * how many rows there were, without which it was cut off.
 */

export const exportMediaType = 'text/x-ndjson'

const hex = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .max(200)
const bytes = z.codec(hex, z.instanceof(Buffer), {
  decode: (text) => Buffer.from(text, 'hex'),
  encode: (buffer) => buffer.toString('hex'),
})
const instant = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})
const text = z.string().max(10_000)

export const introSchema = z.strictObject({
  format: z.literal('momentry-audit'),
  version: z.literal(1),
  exportedAt: z.iso.datetime(),
  /** The first and the last day asked for; null: from the beginning, to the end. */
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
  /** By which the heads were signed, where the master key has not been replaced since. */
  publicKey: z.strictObject({ keyId: z.string().max(100), key: z.string().max(100) }),
})
export type Intro = z.infer<typeof introSchema>

const headSchema = z.strictObject({
  day: z.iso.date(),
  firstSeq: z.int(),
  lastSeq: z.int(),
  previousHash: bytes,
  hash: bytes,
  brokenSeq: z.int().nullable(),
  prunedAt: instant.nullable(),
  signatureKeyId: z.string().max(100).nullable(),
  signature: bytes.nullable(),
})

const rowSchema = z.strictObject({
  seq: z.int(),
  at: z.string().max(40),
  action: text,
  keyId: z.string().max(40).nullable(),
  actorKeyId: z.string().max(40).nullable(),
  address: z.string().max(100).nullable(),
  requestId: text,
  reason: text.nullable(),
  before: z.unknown(),
  after: z.unknown(),
  previousHash: bytes,
  hash: bytes,
})

export const lineSchema = z.union([
  z.strictObject({ row: rowSchema }),
  z.strictObject({ head: headSchema }),
  z.strictObject({ end: z.strictObject({ rows: z.int() }) }),
])
export type Line = z.output<typeof lineSchema>

/** Writes a line, with the newline at its end. */
export function writeLine(line: Line): string {
  return `${JSON.stringify(z.encode(lineSchema, line))}\n`
}
