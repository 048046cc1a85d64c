/*
 * Scopes as sets of bits, as the server keeps them. Independent on purpose: it shares no code with what it checks.
 */
const words = 'activitypub admin misc notification organization package issue repository user'.split(' ')

const bits = new Map<string, bigint>([['public-only', 1n]])
/** Write stands before the read that it holds. */
const order = ['public-only']
words.forEach((word, index) => {
  const read = 1n << BigInt(2 * index + 1)
  bits.set(`write:${word}`, read | (read << 1n))
  bits.set(`read:${word}`, read)
  order.push(`write:${word}`, `read:${word}`)
})
const everything = words.reduce((sum, word) => sum | bitsOf(`write:${word}`), 0n)
bits.set('all', everything)

function bitsOf(scope: string): bigint {
  const found = bits.get(scope)
  if (found === undefined) throw new UnknownScope(`invalid access token scope: ${scope}`)
  return found
}

class UnknownScope extends Error {}

/** @returns the scopes, or the server's words where one of them is unknown */
export function normalise(scopes: readonly string[]): string[] | string {
  try {
    let left = scopes.filter((scope) => scope !== '').reduce((sum, scope) => sum | bitsOf(scope), 0n)
    const kept: string[] = []
    if ((left & 1n) === 1n) kept.push('public-only')
    left &= ~1n
    if (left === everything) return [...kept, 'all']
    for (const scope of order.slice(1)) {
      const own = bitsOf(scope)
      if ((left & own) !== own) continue
      kept.push(scope)
      left &= ~own
    }
    return kept
  } catch (error) {
    if (error instanceof UnknownScope) return error.message
    throw error
  }
}

/** Whether a token with these scopes may do what takes `scope`. */
export function allows(scopes: readonly string[], scope: string): boolean {
  const held = scopes.reduce((sum, one) => sum | bitsOf(one), 0n)
  return (held & bitsOf(scope)) === bitsOf(scope)
}
