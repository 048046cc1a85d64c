import type { Context } from '../../platform/context.ts'
import { and, desc, eq, gt, lt, lte } from '../../platform/postgres/query.ts'
import { alertSilences } from '../table.ts'
import { inForce } from './active.ts'
import type { ListSilencesInput, SilenceView } from './schemas.ts'
import { viewSilence } from './view.ts'

export interface SilencePage {
  data: SilenceView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists silences, the newest first. */
export async function listSilences({ db, now }: Context, input: ListSilencesInput): Promise<SilencePage> {
  const at = now()
  const rows = await db
    .select()
    .from(alertSilences)
    .where(
      and(
        input.state === undefined ? undefined : isIn(input.state, new Date(at)),
        input.keyId === undefined ? undefined : eq(alertSilences.keyId, input.keyId),
        input.cursor === undefined ? undefined : lt(alertSilences.id, input.cursor),
      ),
    )
    .orderBy(desc(alertSilences.id))
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  return {
    data: page.map((row) => viewSilence(row, at)),
    pagination: { cursor: (hasMore ? page.at(-1)?.id : undefined) ?? null, hasMore },
  }
}

function isIn(state: SilenceView['state'], at: Date) {
  if (state === 'active') return inForce(at)
  return state === 'ended' ? lte(alertSilences.endsAt, at) : gt(alertSilences.startsAt, at)
}
