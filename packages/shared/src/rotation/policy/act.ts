import type { Alert, AnomalyAlert } from '../../alerts/alert.ts'
import { appendAudit } from '../../audit/append.ts'
import { lockKey } from '../../keys/get.ts'
import { throttleKey } from '../../keys/limits/throttle.ts'
import { updateKey } from '../../keys/update.ts'
import { type KeyRow, statusOf } from '../../keys/view.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { deriveId } from '../../platform/id.ts'
import { and, eq, gt } from '../../platform/postgres/query.ts'
import type { Announce } from '../queue.ts'
import { requestRotation } from '../request.ts'
import { apiKeyPolicyActions } from '../table.ts'
import { decide, type PolicyDecision, quietMs } from './decide.ts'

type Action = typeof apiKeyPolicyActions.$inferSelect

/**
 * Does what a key's policy says to an anomaly that was told of: disables the key, slows it down, or queues a forced
 * rotation. Once per anomaly however often it is told, and at most once per key and hour; a dry run counts as if it had
 * been done.
 * @returns the alert that tells of it; the same again where it is done already, since nobody may have been told
 */
export function actOnAnomaly(
  context: Context,
  { announce }: { announce: Announce },
  anomaly: AnomalyAlert['data'],
): Promise<Alert | undefined> {
  return withTransaction(context, async (tx) => {
    const key = await lockKey(tx, anomaly.keyId)
    const [done] = await tx.db.select().from(apiKeyPolicyActions).where(eq(apiKeyPolicyActions.anomalyId, anomaly.id))
    if (done) return actionAlert(key, done)
    const decision = decide(key.policy, anomaly)
    if (!decision || statusOf(key, tx.now()) !== 'active' || (await actedLately(tx, key.id))) return undefined
    const rotationId = decision.dryRun ? null : await perform(tx, announce, key, { anomaly, decision })
    const action: Action = {
      anomalyId: anomaly.id,
      keyId: key.id,
      action: decision.action,
      dryRun: decision.dryRun,
      rotationId,
      at: new Date(tx.now()),
    }
    await tx.db.insert(apiKeyPolicyActions).values(action)
    await appendAudit(tx, {
      action: decision.dryRun ? 'policy.dry-run' : 'policy.acted',
      keyId: key.id,
      reason: `${anomaly.rule}: ${anomaly.explanation}`.slice(0, 500),
      after: { action: action.action, anomalyId: anomaly.id, rotationId },
    })
    return actionAlert(key, action)
  })
}

async function actedLately(tx: TransactionContext, keyId: string): Promise<boolean> {
  const since = new Date(tx.now() - quietMs)
  const [latest] = await tx.db
    .select({ at: apiKeyPolicyActions.at })
    .from(apiKeyPolicyActions)
    .where(and(eq(apiKeyPolicyActions.keyId, keyId), gt(apiKeyPolicyActions.at, since)))
    .limit(1)
  return latest !== undefined
}

async function perform(
  tx: TransactionContext,
  announce: Announce,
  key: KeyRow,
  { anomaly, decision }: { anomaly: AnomalyAlert['data']; decision: PolicyDecision },
): Promise<string | null> {
  if (decision.action === 'disable') {
    await updateKey(tx, key.id, { enabled: false })
    return null
  }
  if (decision.action === 'throttle') {
    await throttleKey(tx, key)
    return null
  }
  const request = { kind: 'forced', reason: `anomaly: ${anomaly.rule}`, anomalyId: anomaly.id } as const
  return (await requestRotation(tx, { announce }, key.id, request)).rotationId
}

const deeds = {
  disable: 'disabled the key',
  throttle: 'slowed the key down',
  rotate: 'queued a forced rotation',
} as const

function actionAlert(key: KeyRow, { anomalyId, action, dryRun, rotationId, at }: Action): Alert {
  const done = deeds[action]
  return {
    type: 'policy.acted',
    timestamp: at.toISOString(),
    data: {
      id: deriveId(`policy:${anomalyId}`),
      keyId: key.id,
      keyName: key.name,
      keyType: key.type,
      severity: 'high',
      explanation: dryRun
        ? `the key's policy would have ${done}, had it not been a dry run`
        : `the key's policy ${done}`,
      anomalyId,
      action,
      dryRun,
      rotationId,
    },
  }
}
