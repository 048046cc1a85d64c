import type { Rotation } from '../../api/rotation-shapes.ts'

/** Tells which version of the secret gave way to which; undefined before that. */
export function versionsOf({ fromVersion, toVersion }: Rotation): string | undefined {
  return fromVersion && toVersion ? `${fromVersion} → ${toVersion}` : undefined
}
