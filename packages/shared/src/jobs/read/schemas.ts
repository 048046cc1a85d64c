import { z } from 'zod'
import { idSchema } from '../../platform/id.ts'
import { jobStates } from '../states.ts'

/** Filters of a list, from a query string. */
export const listJobsSchema = z.strictObject({
  queue: z
    .string()
    .regex(/^[a-z][a-z0-9_-]*$/)
    .max(100)
    .optional()
    .meta({ description: '`rotations` or `upkeep`', example: 'rotations' }),
  state: z.enum(jobStates).optional(),
  keyId: idSchema.optional().meta({ description: 'Jobs about this key' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: idSchema.optional().meta({ description: '`pagination.cursor` of the page before' }),
})
export type ListJobsInput = z.output<typeof listJobsSchema>
