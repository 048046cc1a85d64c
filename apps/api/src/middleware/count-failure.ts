import { hashSecret } from '@momentry/shared/keys/secret.ts'
import type { ValidationCode } from '@momentry/shared/keys/status.ts'
import type { Verdict } from '@momentry/shared/keys/validation/validate.ts'
import type { Lockout } from '@momentry/shared/lockout/lockout.ts'

/** Of a secret that is known, what tells that it is dead, and not that its use was wrong. */
const deadCodes: ReadonlySet<ValidationCode> = new Set(['REVOKED', 'ROTATED', 'EXPIRED', 'DISABLED'])

/** Counts a secret that failed against who sent it. @throws MomentryError `LOCKED_OUT` */
export async function countFailure(
  lockout: Lockout,
  { code, record }: Verdict,
  sent: { secret: string; address: string | undefined },
): Promise<void> {
  const isGuess = record === undefined
  if (!isGuess && !deadCodes.has(code)) return
  await lockout.countFailure({ address: sent.address, digest: hashSecret(sent.secret), isGuess })
}
