import type { TransactionContext } from '../../platform/context.ts'
import { and, eq } from '../../platform/postgres/query.ts'
import type { KeyPolicy } from '../fields/policy.ts'
import { refuseSchedule } from '../kinds.ts'
import { apiKeySecrets } from '../table.ts'
import type { KeyRow } from '../view.ts'
import { dueAt } from './due-date.ts'

/**
 * Gives a key's next date where its policy changes the interval: counted from its present secret, so it may be due at
 * once. Without an interval of its own there is none until the sweep gives it that of its type.
 * @throws MomentryError `VALIDATION_FAILED` for a type that is not rotated by schedule
 */
export async function reschedule(
  tx: TransactionContext,
  row: KeyRow,
  policy: KeyPolicy | undefined,
): Promise<Pick<KeyRow, 'nextRotationAt'> | undefined> {
  const interval = policy?.rotation?.intervalSeconds
  if (policy === undefined || interval === row.policy.rotation?.intervalSeconds) return undefined
  refuseSchedule(row.type, interval)
  if (!interval) return { nextRotationAt: null }
  const [secret] = await tx.db
    .select({ createdAt: apiKeySecrets.createdAt })
    .from(apiKeySecrets)
    .where(and(eq(apiKeySecrets.keyId, row.id), eq(apiKeySecrets.version, row.secretVersion)))
  const since = secret?.createdAt ?? row.createdAt
  return { nextRotationAt: new Date(dueAt(row.id, interval, since.getTime())) }
}
