import { z } from 'zod'
import type { Manifest } from './format/manifest.ts'
import type { Document, readDocument } from './format-1/read.ts'

/** A backup, as people see it. */
export const backupInfoSchema = z
  .object({
    number: z.int(),
    id: z.uuid().nullable().meta({ description: 'null of format 1' }),
    format: z.union([z.literal(1), z.literal(2)]),
    schemaVersion: z.int().meta({ description: 'How many migrations the database had' }),
    createdAt: z.iso.datetime(),
    parent: z.int().nullable().meta({ description: 'The number of the backup before it' }),
    reason: z.string().nullable(),
    rows: z.int(),
    bytes: z.int(),
    tables: z.array(
      z.object({
        name: z.string(),
        rows: z.int(),
        bytes: z.int().nullable(),
        sha256: z.string().nullable().meta({ description: 'Of its file, in hex; null of format 1' }),
      }),
    ),
  })
  .meta({ id: 'Backup' })
export type BackupInfo = z.infer<typeof backupInfoSchema>

export function infoOf({ number, id, schemaVersion, createdAt, parent, reason, tables }: Manifest): BackupInfo {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return {
    ...{ number, id, format: 2, schemaVersion, createdAt, parent, reason },
    rows: sum(tables.map(({ rows }) => rows)),
    bytes: sum(tables.map(({ bytes }) => bytes)),
    tables: tables.map(({ name, rows, bytes, sha256 }) => ({ name, rows, bytes, sha256 })),
  }
}

export function infoOfDocument(
  number: number,
  { bytes }: Document,
  { createdAt, schemaVersion, tables }: Awaited<ReturnType<typeof readDocument>>,
): BackupInfo {
  return {
    ...{ number, id: null, format: 1, schemaVersion, createdAt, parent: null, reason: null, bytes },
    rows: tables.reduce((total, { rows }) => total + rows, 0),
    tables: tables.map(({ name, rows }) => ({ name, rows, bytes: null, sha256: null })),
  }
}
