import type { SecretRecord } from '@momentry/shared/keys/validation/record/record.ts'

/**
 * Headers that tell of a superseded secret: since when (`Deprecation`, RFC 9745) and until when it validates (`Sunset`,
 * RFC 8594). None for a current one.
 */
export function deprecationHeaders({
  supersededAt,
  graceEndsAt,
}: Pick<SecretRecord, 'supersededAt' | 'graceEndsAt'>): Record<string, string> {
  if (supersededAt === undefined || graceEndsAt === undefined) return {}
  return {
    deprecation: `@${Math.floor(supersededAt / 1000)}`,
    sunset: new Date(graceEndsAt).toUTCString(),
  }
}
