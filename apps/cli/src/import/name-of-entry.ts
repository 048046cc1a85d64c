import { type KeyBy, keyValue } from '@momentry/shared/access-log/key-value.ts'
import type { AccessLogEntry } from '@momentry/shared/access-log/parse.ts'
import { hideSecrets } from '@momentry/shared/platform/hide-secrets.ts'

/** Gives the name of the key that a request belongs to. A secret that somebody sent in the open does not get into it. */
export function nameOfEntry(entry: AccessLogEntry, keyBy: KeyBy): string {
  const { path, userAgent } = entry
  return keyValue({ ...entry, path: path && hideSecrets(path), userAgent: userAgent && hideSecrets(userAgent) }, keyBy)
}
