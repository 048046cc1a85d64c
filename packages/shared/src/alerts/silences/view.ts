import type { alertSilences } from '../table.ts'
import type { SilenceView } from './schemas.ts'

export type SilenceRow = typeof alertSilences.$inferSelect

/** @param now ms */
export function viewSilence(row: SilenceRow, now: number): SilenceView {
  return {
    id: row.id,
    state: stateOf(row, now),
    keyId: row.keyId,
    rule: row.rule,
    owner: row.owner,
    type: row.type,
    anomalyId: row.anomalyId,
    reason: row.reason,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  }
}

function stateOf({ startsAt, endsAt }: SilenceRow, now: number): SilenceView['state'] {
  if (endsAt.getTime() <= now) return 'ended'
  return startsAt.getTime() > now ? 'scheduled' : 'active'
}
