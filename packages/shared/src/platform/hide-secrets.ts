/** What looks like a secret (`keys/secret.ts`), of whatever type, with a right checksum or a wrong one. */
const secretLike = /mty_[a-z]+_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/g

/** Tells whether a text holds what looks like a secret anywhere, valid or not. */
export function holdsSecret(text: string): boolean {
  return text.search(secretLike) >= 0
}

/** Replaces whatever looks like a secret in a text that is about to be shown or logged. */
export function hideSecrets(text: string): string {
  return text.replace(secretLike, 'mty_[redacted]')
}
