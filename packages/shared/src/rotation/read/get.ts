import type { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import { drainSchema, readDrain } from './drain.ts'
import { findRotation } from './select.ts'
import { rotationSchema, viewRotation } from './view.ts'

/** A rotation, and who uses which secret since it. */
export const rotationDetailSchema = rotationSchema
  .extend({ usage: drainSchema.nullable().meta({ description: 'null until the rotation is completed' }) })
  .meta({ id: 'RotationDetail' })
export type RotationDetail = z.infer<typeof rotationDetailSchema>

/** Reads one rotation. @throws MomentryError `ROTATION_NOT_FOUND` */
export async function getRotation(context: Context, id: string): Promise<RotationDetail> {
  const row = await findRotation(context.db, id)
  const { fromVersion, toVersion } = row.rotation
  const usage =
    fromVersion === null || toVersion === null
      ? null
      : await readDrain(context.db, { rotationId: id, fromVersion, toVersion })
  return { ...viewRotation(row, context.now()), usage }
}
