import { toApiError } from '../../api/error.ts'

/** Says why a sign-in failed, in words that help: who types a secret does not think in codes. */
export function describeSignIn(error: unknown): string {
  const { code, message, retryAfterSeconds } = toApiError(error)
  if (code === 'LOCKED_OUT') {
    const minutes = Math.max(1, Math.ceil((retryAfterSeconds ?? 900) / 60))
    return `Too many attempts failed from this address. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`
  }
  if (code === 'UNAUTHENTICATED') return 'No key that is good now has this secret.'
  if (code === 'IP_NOT_ALLOWED') return 'This key may not be used from your address.'
  return message
}
