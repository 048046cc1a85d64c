import { LRUCache } from 'lru-cache'
import type { Clock } from '../../../platform/clock.ts'
import { allKeys } from '../../changes/all.ts'
import type { ChangeListener } from '../../changes/subscribe.ts'
import type { SecretRecord } from '../record/record.ts'
import { createDigestIndex } from './digest-index.ts'
import { createDropLog } from './drop-log.ts'

/** Records of secrets, kept in this process for a while and dropped when their key changes. */
export interface SecretCache extends ChangeListener {
  /** Gives a record that is at hand; undefined also where it would have to be asked for. */
  peek(digest: Buffer): SecretRecord | undefined
  /** @throws what `load` throws, where the record is not cached */
  get(digest: Buffer): Promise<SecretRecord | undefined>
  size(): number
  lookups(): { hits: number; misses: number }
}

export interface SecretCacheOptions {
  load(digest: Buffer): Promise<SecretRecord | undefined>
  ttlSeconds: number
  /** Records at the most. */
  capacity: number
  /** Milliseconds, for ages alone: a clock that never steps back. */
  now: Clock
}

/** How long a record lives while changes may be missed (DESIGN.md section 4). */
const blindMs = 5_000
/** Unknown secrets are remembered briefly and apart, so that a flood of them evicts no record and asks Postgres less. */
const unknownMs = 5_000
const unknownCapacity = 1_000

interface Entry extends SecretRecord {
  /** When the query that gave it began; whole milliseconds, since those take no memory of their own. */
  filledAt: number
}

/** Starts as disconnected: until a subscription confirms otherwise, changes may be missed. */
export function createSecretCache(options: SecretCacheOptions): SecretCache {
  const { load, now } = options
  const ttlMs = options.ttlSeconds * 1000
  const ofKey = createDigestIndex()
  const entries = new LRUCache<string, Entry>({
    max: options.capacity,
    dispose: ({ keyId }, digest) => ofKey.remove(keyId, digest),
  })
  const unknown = new LRUCache<string, number>({ max: unknownCapacity })
  const underWay = new Map<string, Promise<SecretRecord | undefined>>()
  const drops = createDropLog()
  let maxAgeMs = Math.min(ttlMs, blindMs)
  let hits = 0
  let misses = 0

  const store = (entry: Entry): SecretRecord => {
    entries.set(entry.digest, entry)
    ofKey.add(entry.keyId, entry.digest)
    return entry
  }

  /** Queries until no drop came in between, so that what was just revoked never comes back from an older query. */
  const fill = async (id: string, digest: Buffer): Promise<SecretRecord | undefined> => {
    for (;;) {
      const began = drops.position()
      const filledAt = Math.floor(now())
      const record = await load(digest)
      if (record === undefined) {
        if (drops.position() === began) unknown.set(id, filledAt)
        return undefined
      }
      if (drops.droppedSince(record.keyId, began)) continue
      return store({ ...record, filledAt })
    }
  }

  const dropAll = () => {
    drops.addAll()
    entries.clear()
    unknown.clear()
  }

  const find = (id: string): SecretRecord | undefined => {
    const entry = entries.get(id)
    if (!entry || now() - entry.filledAt >= maxAgeMs) return undefined
    hits++
    return entry
  }

  return {
    peek: (digest) => find(digest.toString('latin1')),
    async get(digest) {
      const id = digest.toString('latin1')
      const found = find(id)
      if (found) return found
      misses++
      const missedAt = unknown.get(id)
      if (missedAt !== undefined && now() - missedAt < unknownMs) return undefined
      const shared = underWay.get(id)
      if (shared) return shared
      const filling = fill(id, digest).finally(() => underWay.delete(id))
      underWay.set(id, filling)
      return filling
    },
    drop(keyId) {
      if (keyId === allKeys) return dropAll()
      drops.add(keyId)
      for (const digest of ofKey.list(keyId)) entries.delete(digest)
      // The change may be a secret that was unknown so far.
      unknown.clear()
    },
    connected() {
      dropAll()
      maxAgeMs = ttlMs
    },
    disconnected() {
      maxAgeMs = Math.min(ttlMs, blindMs)
    },
    size: () => entries.size,
    lookups: () => ({ hits, misses }),
  }
}
