/** The digests of the secrets that each key has in a cache. */
export interface DigestIndex {
  add(keyId: string, digest: string): void
  remove(keyId: string, digest: string): void
  list(keyId: string): readonly string[]
}

/** Most keys have one secret there, and it is kept as it is: a set for each key would take more memory than the rest. */
export function createDigestIndex(): DigestIndex {
  const byKey = new Map<string, string | readonly string[]>()
  const list = (keyId: string): readonly string[] => {
    const kept = byKey.get(keyId)
    if (kept === undefined) return []
    return typeof kept === 'string' ? [kept] : kept
  }
  const keep = (keyId: string, digests: readonly string[]) => {
    const [only] = digests
    if (only === undefined) byKey.delete(keyId)
    else byKey.set(keyId, digests.length === 1 ? only : digests)
  }
  return {
    list,
    add(keyId, digest) {
      const digests = list(keyId)
      if (!digests.includes(digest)) keep(keyId, [...digests, digest])
    },
    remove(keyId, digest) {
      const digests = list(keyId)
      if (digests.includes(digest))
        keep(
          keyId,
          digests.filter((each) => each !== digest),
        )
    },
  }
}
