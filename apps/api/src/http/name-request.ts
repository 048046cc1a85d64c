import { randomUUIDv7 } from 'node:crypto'
import { holdsSecret } from '@momentry/shared/platform/hide-secrets.ts'

/** Gives the name of a request: the caller's `x-request-id` where that is fit to be logged, else a new one. */
export function nameRequest(given: string | undefined): string {
  const fit = given !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(given) && !holdsSecret(given)
  return fit ? given : randomUUIDv7()
}
