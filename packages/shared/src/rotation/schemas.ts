import { z } from 'zod'
import { longestGraceSeconds } from '../keys/kinds.ts'
import { reasonSchema } from '../keys/schemas.ts'
import { idSchema } from '../platform/id.ts'
import { rotationKinds, rotationStates } from './states.ts'

const graceSeconds = z.int().min(0).max(longestGraceSeconds)

/** What an operator asks for. */
export const rotateKeySchema = z
  .strictObject({
    reason: reasonSchema.optional(),
    forced: z
      .boolean()
      .optional()
      .meta({ description: 'For an incident: the old secret stops at once, and cannot claim its successor' }),
    graceSeconds: graceSeconds
      .optional()
      .meta({ description: 'How long the old secret still validates; type, policy and expiry of the key set limits' }),
  })
  .refine((input) => !(input.forced && input.graceSeconds), {
    path: ['graceSeconds'],
    message: 'a forced rotation has no grace',
  })
  .meta({ id: 'RotateKey' })

export const changeGraceSchema = z
  .strictObject({
    graceSeconds: graceSeconds.meta({ description: 'The whole grace, counted from the rotation; 0 ends it now' }),
  })
  .meta({ id: 'ChangeGrace' })
export type ChangeGraceInput = z.output<typeof changeGraceSchema>

/** Filters of a list, from a query string. */
export const listRotationsSchema = z.strictObject({
  keyId: idSchema.optional(),
  state: z.enum(rotationStates).optional(),
  kind: z.enum(rotationKinds).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: idSchema.optional().meta({ description: '`pagination.cursor` of the page before' }),
})
export type ListRotationsInput = z.output<typeof listRotationsSchema>
