import { LRUCache } from 'lru-cache'
import { z } from 'zod'

/** Gives the list that a JSON text is of, the same one for the same text. */
export type ShareScopes = (text: string) => readonly string[]

const capacity = 1_000
const scopesSchema = z.array(z.string())

/** Keys are many and what they may do is seldom different, so records share the lists of it: that spares memory and time. */
export function createScopesSharer(): ShareScopes {
  const lists = new LRUCache<string, readonly string[]>({ max: capacity })
  return (text) => {
    const kept = lists.get(text)
    if (kept) return kept
    const scopes = scopesSchema.parse(JSON.parse(text))
    lists.set(text, scopes)
    return scopes
  }
}
