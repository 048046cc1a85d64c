import { deriveId } from '../../platform/id.ts'
import type { UsageEvent } from '../../usage/event.ts'
import type { Finding } from '../finding.ts'
import { type KeyState, trackOf } from './judge.ts'

/** Rules that a single use fires; the others look at windows (`rules/`). */
export const alarmRules = ['dead_key_used', 'emergency_key_used'] as const

/** A dead secret that is used raises one alarm within this time, however often it is tried. */
const quietSeconds = 3600

const explanations = {
  revoked: 'a secret of a revoked key was used',
  rotated: 'a secret that was rotated out was used after its grace',
  emergency: 'a key for emergencies was used',
} as const

/**
 * Turns a use that raises an alarm into a finding that is over at once: `emergency_key_used` at every use, and
 * `dead_key_used` at most once per key and hour, in event time. Changes the state, gives what was found.
 */
export function raiseAlarm(state: KeyState, { keyId, at, ip, sighting }: UsageEvent): Finding[] {
  if (sighting?.alarm === undefined) return []
  const { alarm, useId } = sighting
  const second = Math.floor(at / 1000)
  const from = ip === undefined ? '' : `, from ${ip}`
  const finding = {
    kind: 'opened',
    keyId,
    observed: 1,
    threshold: 0,
    window: { start: second, end: second },
    explanation: `${explanations[alarm]}${from}`,
    endedAt: second,
  } as const
  if (alarm === 'emergency') {
    const rule = 'emergency_key_used'
    return [{ ...finding, rule, severity: 'high', id: deriveId(`${keyId}:${rule}:${useId}`) }]
  }
  const rule = 'dead_key_used'
  const track = trackOf(state, { name: rule })
  if (second <= track.closedThrough) return []
  track.closedThrough = second + quietSeconds - 1
  return [{ ...finding, rule, severity: 'medium', id: deriveId(`${keyId}:${rule}:${second}`) }]
}
