import { closest } from 'fastest-levenshtein'
import type { ScopeProblem } from '../integration.ts'
import type { N8nAccess } from './access.ts'
import { readData, scopeListSchema } from './answers.ts'
import { refusal } from './refuse.ts'

/**
 * Tells which scopes the account may not grant, by the list that n8n gives of those that it may: it differs between
 * roles and versions.
 * @throws MomentryError as `Account`
 */
export async function findScopeProblems(
  { session, hidden }: N8nAccess,
  scopes: readonly string[],
): Promise<ScopeProblem[]> {
  const answer = await session.send({ method: 'GET', path: '/rest/api-keys/scopes' })
  if (answer.status !== 200) throw refusal(answer, hidden)
  const known = readData(scopeListSchema, answer)
  return scopes
    .filter((scope) => !known.includes(scope))
    .map((scope) => ({ scope, suggestion: known.length > 0 ? closest(scope, known) : undefined }))
}
