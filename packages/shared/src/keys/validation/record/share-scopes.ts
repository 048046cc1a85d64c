import { LRUCache } from 'lru-cache'

/** Gives the same list for the same scopes. */
export type ShareScopes = (scopes: readonly string[]) => readonly string[]

const capacity = 1_000

/** Keys are many and what they may do is seldom different, so records share the lists of it: that spares memory. */
export function createScopesSharer(): ShareScopes {
  const lists = new LRUCache<string, readonly string[]>({ max: capacity })
  return (scopes) => {
    // No scope has a blank.
    const text = scopes.join(' ')
    const kept = lists.get(text)
    if (!kept) lists.set(text, scopes)
    return kept ?? scopes
  }
}
