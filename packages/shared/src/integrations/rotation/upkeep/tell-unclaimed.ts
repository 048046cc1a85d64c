import type { SendAlert } from '../../../alerts/send.ts'
import type { Severity } from '../../../anomalies/finding.ts'
import type { Context } from '../../../platform/context.ts'
import { and, eq, gt, isNull, or, sql } from '../../../platform/postgres/query.ts'
import { credentialAlert } from '../../alert.ts'
import { findCredential } from '../../credentials/find.ts'
import { integrationRotations } from '../../table.ts'

const perSweep = 200

/** How much of a grace has passed when people are told, in percent, as of keys, and how grave that is. */
const stages: readonly { percent: number; severity: Severity }[] = [
  { percent: 90, severity: 'high' },
  { percent: 50, severity: 'medium' },
]

/**
 * Tells of successors that wait to be fetched, at half and at nine tenths of their grace: told first, noted then.
 * @returns how many were told of
 */
export async function tellUnclaimed({ db, now }: Context, { sendAlert }: { sendAlert: SendAlert }): Promise<number> {
  const at = now()
  const { state, claimedAt, switchedAt, graceEndsAt, unclaimedTold, handOver } = integrationRotations
  const passed = sql<number>`extract(epoch from ${new Date(at).toISOString()}::timestamptz - ${switchedAt}) * 100
    / nullif(extract(epoch from ${graceEndsAt} - ${switchedAt}), 0)`
  const rows = await db
    .select()
    .from(integrationRotations)
    .where(
      and(
        eq(state, 'draining'),
        isNull(claimedAt),
        eq(sql`${handOver}->>'type'`, 'claim'),
        gt(graceEndsAt, new Date(at)),
        or(...stages.map(({ percent }) => sql`(${unclaimedTold} < ${percent} and ${passed} >= ${percent})`)),
      ),
    )
    .limit(perSweep)
  for (const rotation of rows) {
    const { id, system, credentialId } = rotation
    if (!rotation.switchedAt || !rotation.graceEndsAt) continue
    const share =
      ((at - rotation.switchedAt.getTime()) * 100) / (rotation.graceEndsAt.getTime() - rotation.switchedAt.getTime())
    const stage = stages.find(({ percent }) => share >= percent)
    if (!stage) continue
    const explanation = `nobody has fetched the new one, and the old one is deleted at ${rotation.graceEndsAt.toISOString()}`
    const news = { type: 'credential.unclaimed', severity: stage.severity, explanation, rotationId: id } as const
    await sendAlert(credentialAlert(system, await findCredential(db, system, credentialId), news, at))
    await db.update(integrationRotations).set({ unclaimedTold: stage.percent }).where(eq(integrationRotations.id, id))
  }
  return rows.length
}
