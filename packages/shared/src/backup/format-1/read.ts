import type { Readable } from 'node:stream'
import { z } from 'zod'
import { MomentryError } from '../../errors.ts'
import { splitDocument } from './split.ts'

/** A backup of format 1: one JSON document with all rows, and nothing that would prove that it is whole. */
export interface Document {
  /** For people. */
  path: string
  bytes: number
  /** It is read more than once. */
  open(): Promise<Readable>
}

/** What a document says beside its rows. */
const frameSchema = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString()),
  /** How many migrations the database had. */
  schemaVersion: z.int().min(1).max(10_000).default(1),
  tables: z.record(z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/), z.array(z.never())),
})
export type DocumentFrame = z.infer<typeof frameSchema>

export interface ReadRow {
  table: string
  /** Its columns, as they are named. */
  columns: string[]
  /** Its JSON, with each number as it was written. */
  text: string
}

/**
 * Reads a document row by row, and gives at its end what else it says.
 * @throws MomentryError `BACKUP_DAMAGED` where it is none; `BACKUP_NOT_FOUND`, `STORAGE_UNAVAILABLE`
 */
export async function* readRows(document: Document): AsyncGenerator<ReadRow, DocumentFrame> {
  const rows = splitDocument(await document.open())
  for (;;) {
    const next = await rows.next().catch((error: unknown) => {
      throw asDamage(document, error)
    })
    if (next.done) {
      const frame = frameSchema.safeParse(parseJson(next.value))
      if (frame.success) return frame.data
      throw damaged(document, 'it is no document of format 1')
    }
    const { table, text } = next.value
    const row = parseJson(text)
    if (typeof row !== 'object' || row === null) throw damaged(document, `a row of ${table} cannot be read`)
    yield { table, columns: Object.keys(row), text }
  }
}

/** Tells what a document holds. @throws as `readRows` */
export async function readDocument(
  document: Document,
): Promise<Omit<DocumentFrame, 'tables'> & { tables: { name: string; rows: number }[] }> {
  const rows = readRows(document)
  const counts = new Map<string, number>()
  for (;;) {
    const next = await rows.next()
    if (next.done) {
      const tables = Object.keys(next.value.tables).map((name) => ({ name, rows: counts.get(name) ?? 0 }))
      return { ...next.value, tables }
    }
    const { table } = next.value
    counts.set(table, (counts.get(table) ?? 0) + 1)
  }
}

export function damaged({ path }: Document, reason: string): MomentryError {
  return new MomentryError('BACKUP_DAMAGED', `${path}: ${reason}`)
}

/** What the file or the bucket fails with has a code; what the cutting finds has none. */
function asDamage(document: Document, error: unknown): unknown {
  if (error instanceof MomentryError || !(error instanceof Error)) return error
  if (!('code' in error)) return damaged(document, error.message)
  return new MomentryError('STORAGE_UNAVAILABLE', `${document.path} could not be read to its end`, { cause: error })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
