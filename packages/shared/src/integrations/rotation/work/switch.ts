import { appendAudit } from '../../../audit/append.ts'
import type { TransactionContext } from '../../../platform/context.ts'
import { eq } from '../../../platform/postgres/query.ts'
import { escrowEnd } from '../../../rotation/escrow/deposit.ts'
import { graceEnd } from '../../../rotation/grace.ts'
import type { CredentialRow } from '../../credential-table.ts'
import { nextRotation } from '../../credentials/due-date.ts'
import { systemTable } from '../../systems.ts'
import { integrationEscrow, integrationRotations } from '../../table.ts'
import type { RotationRow } from '../view.ts'

/** What is known of the successor there. */
export interface Successor {
  remoteId: string
  hint: string | null
}

/**
 * Makes the successor what the credential is from now on, and says when the old one is deleted. Both rows must be locked.
 * @returns when the grace ends, ms
 */
export async function switchToSuccessor(
  tx: TransactionContext,
  { rotation, credential }: { rotation: RotationRow; credential: CredentialRow },
  successor: Successor,
): Promise<number> {
  const now = tx.now()
  const at = new Date(now)
  const { policy } = credential
  const endsAt = graceEnd(
    {
      type: 'integration',
      policySeconds: policy.graceSeconds,
      requestedSeconds: rotation.graceSeconds ?? undefined,
      intervalSeconds: policy.intervalSeconds ?? undefined,
      forced: rotation.kind === 'forced',
      expiresAt: credential.expiresAt?.getTime(),
    },
    now,
  )
  const table = systemTable(rotation.system)
  await tx.db
    .update(table)
    .set({
      remoteId: successor.remoteId,
      remoteName: rotation.newRemoteName,
      hint: successor.hint,
      version: rotation.fromVersion + 1,
      // Whatever became of the old one meanwhile, this one is there.
      state: 'active',
      endedAt: null,
      nextRotationAt: nextRotation(credential.id, policy, now),
      renewedAt: at,
      updatedAt: at,
    })
    .where(eq(table.id, credential.id))
  await tx.db
    .update(integrationRotations)
    .set({ switchedAt: at, graceEndsAt: new Date(endsAt), updatedAt: at })
    .where(eq(integrationRotations.id, rotation.id))
  await tx.db
    .update(integrationEscrow)
    .set({ expiresAt: new Date(escrowEnd(endsAt, credential.expiresAt?.getTime(), now)) })
    .where(eq(integrationEscrow.rotationId, rotation.id))
  await appendAudit(tx, {
    action: 'credential.rotated',
    reason: rotation.reason ?? undefined,
    before: { credentialId: credential.id, version: rotation.fromVersion, remoteId: credential.remoteId },
    after: {
      rotationId: rotation.id,
      credentialId: credential.id,
      system: rotation.system,
      version: rotation.fromVersion + 1,
      remoteId: successor.remoteId,
      graceEndsAt: new Date(endsAt),
    },
  })
  return endsAt
}
