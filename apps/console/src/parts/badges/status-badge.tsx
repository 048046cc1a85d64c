import { ToneBadge } from './badge.tsx'
import type { Tone } from './tones.ts'

/** Every state that the API has a word for: of keys, anomalies, rotations, jobs, credentials, sinks and deliveries. */
const tones: Readonly<Record<string, Tone>> = {
  active: 'good',
  current: 'good',
  completed: 'good',
  delivered: 'good',
  resolved: 'good',
  valid: 'good',
  ready: 'good',
  healthy: 'good',
  running: 'info',
  queued: 'info',
  waiting: 'info',
  creating: 'info',
  draining: 'info',
  acknowledged: 'info',
  open: 'warn',
  paused: 'warn',
  narrow: 'warn',
  superseded: 'warn',
  grace: 'warn',
  degraded: 'warn',
  expired: 'neutral',
  disabled: 'neutral',
  cancelled: 'neutral',
  deleted: 'neutral',
  ended: 'neutral',
  gone: 'high',
  unreachable: 'high',
  failed: 'bad',
  revoked: 'bad',
  invalid: 'bad',
  down: 'bad',
}

/** A state, in its own word. @param label another word for it */
export function StatusBadge({ status, label }: { status: string; label?: string }) {
  return <ToneBadge tone={tones[status] ?? 'neutral'}>{label ?? status}</ToneBadge>
}
