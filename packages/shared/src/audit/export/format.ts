import { z } from 'zod'
import { type ChainedRow, canonicalJson } from '../chain.ts'
import type { StoredHead } from '../head.ts'

/*
 * An export is lines of JSON: what it is, then for each day its head followed by its rows, and at last a signed line that
 * says how many rows there were and where they ended, without which the file was cut off.
 */

export const exportMediaType = 'text/x-ndjson'

const hexText = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .max(200)
const bytes = hexText.transform((text) => Buffer.from(text, 'hex'))
const instant = z.iso.datetime().transform((text) => new Date(text))
const text = z.string().max(10_000)

/** Where the first day begins: behind this row, of which nothing else is in the file. */
const startSchema = z.strictObject({ seq: z.int().min(0), hash: hexText })

export const introSchema = z.strictObject({
  format: z.literal('momentry-audit'),
  version: z.literal(1),
  exportedAt: z.iso.datetime(),
  /** The first and the last day asked for; null: from the beginning, to the end. */
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
  /** Null where there is no day. */
  start: startSchema.nullable(),
  /** By which the heads and the end are signed. */
  publicKey: z.strictObject({ keyId: z.string().max(100), key: z.string().regex(/^[A-Za-z0-9+/]{43}=$/) }),
})
export type Intro = z.infer<typeof introSchema>

const headSchema = z.strictObject({
  day: z.iso.date(),
  firstSeq: z.int(),
  lastSeq: z.int(),
  previousHash: bytes,
  hash: bytes,
  brokenSeq: z.int().nullable(),
  followedBy: z.iso.date().nullable(),
  adoptedAt: instant.nullable(),
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

const endSchema = z.strictObject({ rows: z.int(), seq: z.int(), hash: hexText, signature: hexText })

export const lineSchema = z.union([
  z.strictObject({ row: rowSchema }),
  z.strictObject({ head: headSchema }),
  z.strictObject({ end: endSchema }),
])
export type Line = z.output<typeof lineSchema>

/** A line before it is written. */
export type WrittenLine = Intro | { row: ChainedRow } | { head: StoredHead } | { end: z.infer<typeof endSchema> }

/** Writes a line, with the newline at its end: times as RFC 3339, bytes in hex. */
export function writeLine(line: WrittenLine): string {
  return `${JSON.stringify(line, hexOfBytes)}\n`
}

/** A Buffer comes here as what its own `toJSON` made of it. */
function hexOfBytes(this: unknown, name: string, value: unknown): unknown {
  const original = typeof this === 'object' && this !== null ? Reflect.get(this, name) : undefined
  return Buffer.isBuffer(original) ? original.toString('hex') : value
}

/** What the signature of the end covers: the whole file is what was asked for, from its first line to its last. */
export function endText(intro: Intro, { rows, seq, hash }: Omit<z.infer<typeof endSchema>, 'signature'>): string {
  return canonicalJson({ ...intro, end: { rows, seq, hash } })
}
