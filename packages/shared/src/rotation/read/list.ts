import type { Context } from '../../platform/context.ts'
import { and, desc, eq, lt } from '../../platform/postgres/query.ts'
import type { ListRotationsInput } from '../schemas.ts'
import { apiKeyRotations } from '../table.ts'
import { selectRotations } from './select.ts'
import { type RotationView, viewRotation } from './view.ts'

export interface RotationPage {
  data: RotationView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists rotations, the newest first. */
export async function listRotations(context: Context, input: ListRotationsInput): Promise<RotationPage> {
  const rows = await selectRotations(
    context.db,
    and(
      input.cursor === undefined ? undefined : lt(apiKeyRotations.id, input.cursor),
      input.keyId === undefined ? undefined : eq(apiKeyRotations.keyId, input.keyId),
      input.state === undefined ? undefined : eq(apiKeyRotations.state, input.state),
      input.kind === undefined ? undefined : eq(apiKeyRotations.kind, input.kind),
    ),
  )
    .orderBy(desc(apiKeyRotations.id))
    .limit(input.limit + 1)
  const now = context.now()
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  return {
    data: page.map((row) => viewRotation(row, now)),
    pagination: { cursor: hasMore ? (page.at(-1)?.rotation.id ?? null) : null, hasMore },
  }
}
