import type { CredentialRotation } from '../../../api/shapes/integration.ts'
import { tellDistance } from '../../../output/duration.ts'
import type { Output } from '../../../output/output.ts'
import { showFields } from '../../show-fields.ts'

/**
 * Shows a rotation, and how far each of its four parts is.
 * @param now ms since 1970
 * @param value of the successor, where it was fetched
 */
export function showRotation(out: Output, rotation: CredentialRotation, now: number, value?: string): void {
  const { graceEndsAt, oldDeletedAt, handOver } = rotation
  const partOf = (doneAt: string | null | undefined, what?: string) => tellPart(rotation, doneAt, what)
  showFields(out, {
    rotation: rotation.id,
    of: `${rotation.credentialName} of ${rotation.owner} (${rotation.credentialId})`,
    kind: rotation.kind,
    state: rotation.state,
    error: rotation.error,
    reason: rotation.reason,
    versions: `${rotation.fromVersion} → ${rotation.toVersion}`,
    'create new': partOf(rotation.createdThereAt, rotation.newRemoteName),
    'hand over': partOf(rotation.handedOverAt, handOver.type),
    'verify new': partOf(rotation.verifiedAt),
    'delete old':
      !oldDeletedAt && graceEndsAt
        ? `${tellDistance(graceEndsAt, now)}, ${graceEndsAt} (${rotation.oldRemoteName})`
        : partOf(oldDeletedAt, rotation.oldRemoteName),
    claimed: rotation.claimedAt ?? (rotation.claimable && handOver.type === 'claim' ? 'not yet' : undefined),
    job: rotation.jobId,
    value,
  })
}

function tellPart({ state }: CredentialRotation, doneAt: string | null | undefined, what?: string): string {
  if (doneAt) return what === undefined ? `done ${doneAt}` : `done ${doneAt} (${what})`
  return state === 'failed' || state === 'cancelled' ? 'not done' : 'not yet'
}
