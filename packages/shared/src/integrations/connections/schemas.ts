import { z } from 'zod'
import { line } from '../../keys/fields/line.ts'
import { idSchema } from '../../platform/id.ts'

const name = line(100).meta({ description: 'What people call it', example: 'ci account' })

/** What an account signs in with; each system has its own fields. */
const credentials = z
  .record(z.string().max(40), z.string().max(1000))
  .meta({ description: 'Gitea: `username`, `password`; n8n: `email`, `password`' })

/** A connection that an operator stores. */
export const createConnectionSchema = z
  .strictObject({ system: z.string().min(1).max(40).meta({ example: 'gitea' }), name, credentials })
  .meta({ id: 'CreateConnection' })
export type CreateConnectionInput = z.output<typeof createConnectionSchema>

export const updateConnectionSchema = z
  .strictObject({ name: name.optional(), credentials: credentials.optional() })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'must change something')
  .meta({ id: 'UpdateConnection' })
export type UpdateConnectionInput = z.output<typeof updateConnectionSchema>

/** Filters of a list, from a query string. */
export const listConnectionsSchema = z.strictObject({
  system: z.string().min(1).max(40).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: idSchema.optional().meta({ description: '`pagination.cursor` of the page before' }),
})
export type ListConnectionsInput = z.output<typeof listConnectionsSchema>
