import { MomentryError } from '../../../errors.ts'
import type { Account, Integration } from '../../integration.ts'

/** Refuses scopes that the other system does not know, before anything is made. @throws MomentryError `VALIDATION_FAILED` */
export async function refuseUnknownScopes(
  integration: Integration,
  account: Account,
  scopes: readonly string[],
): Promise<void> {
  const problems = await account.checkScopes(scopes)
  if (problems.length === 0) return
  const issues = problems.map(({ scope, suggestion }) => ({
    pointer: `/scopes/${scopes.indexOf(scope)}`,
    detail: `${scope} is no scope that can be had of ${integration.title}${suggestion ? `; did you mean ${suggestion}?` : ''}`,
  }))
  throw new MomentryError('VALIDATION_FAILED', `some of the scopes are none of ${integration.title}`, { issues })
}
