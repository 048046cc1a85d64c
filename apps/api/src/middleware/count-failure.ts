import { hashSecret } from '@momentry/shared/keys/secret.ts'
import type { ValidationCode } from '@momentry/shared/keys/status.ts'
import type { Verdict } from '@momentry/shared/keys/validation/validate.ts'
import type { Lockout } from '@momentry/shared/lockout/lockout.ts'

/** Of a secret that is known, what tells that it is dead, and not that its use was wrong. */
const deadCodes: ReadonlySet<ValidationCode> = new Set(['REVOKED', 'ROTATED', 'EXPIRED', 'DISABLED'])

/** Whether a secret is not, or no longer, good for anything. */
export function isDead({ code, record }: Verdict): boolean {
  return record === undefined || deadCodes.has(code)
}

/** Counts a secret that failed against who sent it. @throws MomentryError `LOCKED_OUT` */
export async function countFailure(
  lockout: Lockout,
  verdict: Verdict,
  sent: { secret: string; address: string | undefined },
): Promise<void> {
  if (!isDead(verdict)) return
  const isGuess = verdict.record === undefined
  await lockout.countFailure({ address: sent.address, digest: hashSecret(sent.secret), isGuess })
}
