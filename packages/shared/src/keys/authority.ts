import { MomentryError } from '../errors.ts'
import { missingScopes } from '../scopes/scope.ts'
import type { KeyType } from './kinds.ts'

/** Nobody can grant scopes that they do not hold (DESIGN.md section 6). @throws MomentryError `SCOPE_NOT_HELD` */
export function refuseUnheld(held: readonly string[], granted: readonly string[]): void {
  const missing = missingScopes(held, granted)
  if (missing.length === 0) return
  throw new MomentryError('SCOPE_NOT_HELD', 'scopes that you do not hold cannot be granted', {
    issues: missing.map((scope) => ({
      pointer: `/scopes/${granted.indexOf(scope)}`,
      detail: `${scope} is not held by your key`,
    })),
  })
}

/**
 * A system key administers Momentry, so only who holds all that it holds may change or revoke it: a lesser key that
 * leaked could else lock every administrator out.
 * @throws MomentryError `SCOPE_NOT_HELD`
 */
export function refuseLesserActor(held: readonly string[], key: { type: KeyType; scopes: readonly string[] }): void {
  if (key.type !== 'system' || missingScopes(held, key.scopes).length === 0) return
  throw new MomentryError('SCOPE_NOT_HELD', 'a system key is changed only by a key that holds all of its scopes')
}
