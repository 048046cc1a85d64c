import type { Rotation } from '../../api/shapes/rotation.ts'

/** Tells which version of the secret gave way to which; undefined before that. */
export function versionsOf({ fromVersion, toVersion }: Rotation): string | undefined {
  return fromVersion && toVersion ? `${fromVersion} → ${toVersion}` : undefined
}
