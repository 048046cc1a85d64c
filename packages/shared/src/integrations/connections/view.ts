import { z } from 'zod'
import type { integrationConnections } from '../table.ts'

const time = z.iso.datetime()

/** A connection as the API and the command line show it. Never what it signs in with. */
export const connectionSchema = z
  .object({
    id: z.uuid(),
    system: z.string(),
    server: z.string(),
    name: z.string(),
    account: z.string().meta({ description: "The user's name or address there" }),
    error: z
      .string()
      .nullable()
      .meta({ description: 'Why the account was last refused; null since it was last taken' }),
    lastUsedAt: time.nullable(),
    createdBy: z.uuid().nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Connection' })
export type ConnectionView = z.infer<typeof connectionSchema>

export type ConnectionRow = typeof integrationConnections.$inferSelect

export function viewConnection(row: ConnectionRow): ConnectionView {
  return {
    id: row.id,
    system: row.system,
    server: row.server,
    name: row.name,
    account: row.account,
    error: row.error,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}
