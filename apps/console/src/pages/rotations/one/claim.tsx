import type { Rotation } from '../../../api/keys/rotations.ts'
import { ToneBadge } from '../../../parts/badges/badge.tsx'

/** Whether the new secret has reached whoever uses the key. */
export function Claim({ rotation }: { rotation: Rotation }) {
  const { claimedAt, claimedBy, firstUsedAt, claimable, state } = rotation
  if (firstUsedAt) return <ToneBadge tone="good">in use</ToneBadge>
  if (claimedAt) return <ToneBadge tone="info">{claimedBy === 'operator' ? 'fetched' : 'claimed'}</ToneBadge>
  if (claimable) return <ToneBadge tone="warn">not claimed</ToneBadge>
  return <span>{state === 'completed' ? 'not claimable' : '–'}</span>
}
