import { closest, distance } from 'fastest-levenshtein'
import type { ScopeProblem } from '../integration.ts'

/** In the order in which Gitea puts them. */
const categories = [
  'activitypub',
  'admin',
  'misc',
  'notification',
  'organization',
  'package',
  'issue',
  'repository',
  'user',
] as const

/** Limits a token to what is public; grants nothing by itself. */
const publicOnly = 'public-only'
const all = 'all'
/** Write first, since it holds read. */
const pairs = categories.map((category) => ({ write: `write:${category}`, read: `read:${category}` }))

/** Every scope that Gitea knows (1.20 to 1.27). */
export const giteaScopes: readonly string[] = [all, publicOnly, ...pairs.flatMap(({ write, read }) => [read, write])]

/**
 * Gives scopes in the form in which Gitea keeps them, so that equal rights are equal lists: each once, in a fixed order,
 * without the reads that a write implies, and `all` for all nine writes. What it does not know stands at the end.
 */
export function normaliseScopes(scopes: readonly string[]): string[] {
  const given = new Set(scopes)
  const granted = pairs.flatMap(({ write, read }) => {
    if (given.has(all) || given.has(write)) return [write]
    return given.has(read) ? [read] : []
  })
  const isAll = pairs.every(({ write }) => granted.includes(write))
  return [
    ...(given.has(publicOnly) ? [publicOnly] : []),
    ...(isAll ? [all] : granted),
    ...[...given].filter((scope) => !giteaScopes.includes(scope)).sort(),
  ]
}

/** Tells which scopes Gitea does not know, and what may have been meant. */
export function findScopeProblems(scopes: readonly string[]): ScopeProblem[] {
  return scopes
    .filter((scope) => !giteaScopes.includes(scope))
    .map((scope) => ({ scope, suggestion: suggestScope(scope) }))
}

function suggestScope(text: string): string | undefined {
  const wanted = text.trim().toLowerCase()
  // Without a level, the smaller right is meant.
  const levelled = wanted.includes(':') ? wanted : `read:${wanted}`
  return completed(levelled) ?? nearest(levelled) ?? nearest(wanted)
}

/** `read:repo`, as GitHub has it, is `read:repository`: too far for a typo. */
function completed(wanted: string): string | undefined {
  const [, beginning = ''] = wanted.split(':')
  return beginning.length < 3 ? undefined : giteaScopes.find((scope) => scope.startsWith(wanted))
}

/** One typo for each three letters: what is further away was not a slip. */
function nearest(wanted: string): string | undefined {
  const scope = closest(wanted, giteaScopes)
  return distance(wanted, scope) <= Math.ceil(wanted.length / 3) ? scope : undefined
}
