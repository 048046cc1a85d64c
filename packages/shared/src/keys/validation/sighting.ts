import { createId } from '../../platform/id.ts'
import type { Alarm, Sighting } from '../../usage/event.ts'
import { longestGraceSeconds } from '../kinds.ts'
import type { ValidationCode } from '../status.ts'
import type { SecretRecord } from './record/record.ts'

/** For so long after a rotation uses of the successor are told apart. */
const watchedMs = longestGraceSeconds * 1000

/**
 * Tells what of a use matters beyond its being counted: which version it was, where the key was rotated lately or the
 * secret is superseded, and whether it raises an alarm.
 * @param counted whether this use is itself a usage event
 * @returns undefined where nothing of that is so
 */
export function sightingOf(
  record: SecretRecord,
  code: ValidationCode,
  now: number,
  counted: boolean,
): Sighting | undefined {
  const { rotation, version } = record
  const superseded = version !== record.currentVersion
  const watched = rotation !== undefined && (superseded || now < rotation.at + watchedMs)
  const alarm = alarmOf(record, code)
  if (!watched && alarm === undefined) return undefined
  return { counted, version, rotationId: watched ? rotation.id : undefined, alarm, useId: createId() }
}

function alarmOf(record: SecretRecord, code: ValidationCode): Alarm | undefined {
  if (code === 'REVOKED') return 'revoked'
  if (code === 'ROTATED') return 'rotated'
  const dead = code === 'EXPIRED' || code === 'DISABLED'
  return !dead && record.type === 'emergency' ? 'emergency' : undefined
}
