import { hideSecrets } from '../platform/hide-secrets.ts'

const maxLength = 500

/** Makes an error's text fit to be stored: bounded, and free of what Postgres refuses (NUL, halves of surrogate pairs). */
export function errorText(text: string): string {
  return text.replaceAll('\0', '').slice(0, maxLength).toWellFormed()
}

/**
 * Tells people why something failed: in the words of what failed first, since what wraps those repeats queries with
 * their parameters.
 */
export function tellError(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error'
  return error.cause instanceof Error ? tellError(error.cause) : errorText(hideSecrets(error.message))
}
