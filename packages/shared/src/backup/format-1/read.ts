import { z } from 'zod'
import { MomentryError } from '../../errors.ts'
import type { BackupInfo } from '../info.ts'
import { readText } from '../storage/read-text.ts'
import type { BackupStorage } from '../storage/storage.ts'

/** It has to be held as a whole. */
const maxBytes = 256 * 1024 * 1024

const documentSchema = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  /** How many migrations the database had. */
  schemaVersion: z.int().min(1),
  tables: z.record(z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/), z.array(z.record(z.string(), z.unknown()))),
})
export type Format1 = z.infer<typeof documentSchema>

/**
 * Reads a backup of format 1: one JSON document with all rows, and nothing that would prove that it is whole.
 * @throws MomentryError `BACKUP_DAMAGED`, `BACKUP_NOT_FOUND`
 */
export async function readFormat1(
  storage: BackupStorage,
  path: string,
  number: number,
): Promise<{ document: Format1; info: BackupInfo }> {
  const text = await readText(storage, path, maxBytes)
  const document = parse(text)
  if (!document) throw new MomentryError('BACKUP_DAMAGED', `${path}: it is no document of format 1`)
  const tables = Object.entries(document.tables).map(([name, rows]) => ({
    name,
    rows: rows.length,
    bytes: null,
    sha256: null,
  }))
  const { createdAt, schemaVersion } = document
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const info = {
    number,
    id: null,
    format: 1 as const,
    schemaVersion,
    createdAt,
    parent: null,
    reason: null,
    rows,
    bytes: Buffer.byteLength(text),
    tables,
  }
  return { document, info }
}

function parse(text: string): Format1 | undefined {
  try {
    return documentSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
