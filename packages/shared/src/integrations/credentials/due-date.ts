import { dueAt } from '../../keys/schedule/due-date.ts'
import type { CredentialPolicy } from '../policy.ts'

/**
 * Gives when a credential is due to be rotated, by the rule of keys; null where it never is.
 * @param renewedAt when its present value was made, ms
 */
export function nextRotation(id: string, policy: CredentialPolicy, renewedAt: number): Date | null {
  return policy.intervalSeconds ? new Date(dueAt(id, policy.intervalSeconds, renewedAt)) : null
}
