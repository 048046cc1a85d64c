import type { SendAlert } from '../../alerts/send.ts'
import type { Severity } from '../../anomalies/finding.ts'
import { apiKeys } from '../../keys/table.ts'
import type { Context } from '../../platform/context.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, eq, gt, isNull, lt, or, type SQL, sql } from '../../platform/postgres/query.ts'
import { rotationAlert } from '../alert.ts'
import { selectRotations } from '../read/select.ts'
import type { RotationRow } from '../read/view.ts'
import { apiKeyRotations } from '../table.ts'

/** Rotations of one sweep at the most; the next one takes the rest. */
const perSweep = 200

/** How much of a grace has passed when people are told, in percent (issue "Rotation"), and how grave that is. */
const stages: readonly { percent: number; severity: Severity }[] = [
  { percent: 90, severity: 'high' },
  { percent: 50, severity: 'medium' },
]

/**
 * Tells of successors that nobody has fetched, at half and at nine tenths of their grace: told first, noted then, so that
 * a death in between tells twice and never not at all.
 * @returns how many were told of
 */
export async function tellUnclaimed({ db, now }: Context, deps: { sendAlert: SendAlert }): Promise<number> {
  const at = now()
  const rows = await selectRotations(
    db,
    and(
      eq(apiKeyRotations.state, 'completed'),
      isNull(apiKeyRotations.claimedAt),
      isNull(apiKeyRotations.firstUsedAt),
      gt(apiKeyRotations.graceEndsAt, new Date(at)),
      isNull(apiKeys.revokedAt),
      or(...stages.map(({ percent }) => and(lt(apiKeyRotations.unclaimedTold, percent), hasPassed(percent, at)))),
    ),
  ).limit(perSweep)
  for (const row of rows) await tell(db, deps.sendAlert, row, at)
  return rows.length
}

function hasPassed(percent: number, at: number): SQL {
  const { finishedAt, graceEndsAt } = apiKeyRotations
  return sql`${new Date(at).toISOString()}::timestamptz >= ${finishedAt} + (${graceEndsAt} - ${finishedAt}) * ${percent / 100}::float8`
}

async function tell(db: Queryable, sendAlert: SendAlert, row: RotationRow, at: number): Promise<void> {
  const { id, finishedAt, graceEndsAt } = row.rotation
  if (!finishedAt || !graceEndsAt) return
  const passed = ((at - finishedAt.getTime()) / (graceEndsAt.getTime() - finishedAt.getTime())) * 100
  const stage = stages.find(({ percent }) => passed >= percent)
  if (!stage) return
  const explanation = `nobody has fetched the new secret, and the old one stops at ${graceEndsAt.toISOString()}`
  await sendAlert(rotationAlert(row, { type: 'rotation.unclaimed', severity: stage.severity, explanation }, at))
  await db.update(apiKeyRotations).set({ unclaimedTold: stage.percent }).where(eq(apiKeyRotations.id, id))
}
