import type { KeyBy } from '@momentry/shared/access-log/key-value.ts'
import type { ApiClient } from '../api/client.ts'
import { eachItem } from '../api/pages.ts'
import { createdKeySchema, keySchema } from '../api/shapes.ts'
import { hashOf } from './progress-file.ts'

/** Keys made at the same time. */
const concurrency = 4

const importedBy = 'usage import'

export interface ResolvedKeys {
  /** Key id of each value. */
  ids: ReadonlyMap<string, string>
  made: number
  reused: number
}

export interface ResolveKeysOptions {
  api: ApiClient
  keyBy: KeyBy
  values: readonly string[]
  /** For how long to try again while the server is away, in milliseconds. */
  retryForMs: number
  onRetry(reason: string): void
  /** Told how many values have their key. */
  onProgress(done: number): void
}

/**
 * Finds or makes a key for each value. Keys of an earlier import are recognised by their metadata; one that another
 * import makes at this moment, by the `Idempotency-Key`.
 */
export async function resolveKeys(options: ResolveKeysOptions): Promise<ResolvedKeys> {
  const { api, keyBy, values, retryForMs, onRetry, onProgress } = options
  const ids = await findKeys(options)
  const missing = values.filter((value) => !ids.has(value))
  const reused = values.length - missing.length
  onProgress(reused)

  async function makeNext(): Promise<void> {
    for (let value = missing.pop(); value !== undefined; value = missing.pop()) {
      const { id } = await api.call(createdKeySchema, {
        method: 'POST',
        path: '/v1/keys',
        body: { name: value, type: 'service', ownerId: importedBy, metadata: { importedBy, keyBy, value } },
        idempotencyKey: hashOf('usage import key', keyBy, value),
        retryForMs,
        onRetry,
      })
      ids.set(value, id)
      onProgress(ids.size)
    }
  }

  missing.reverse()
  const made = missing.length
  await Promise.all(Array.from({ length: concurrency }, makeNext))
  return { ids, made, reused }
}

/** The keys of earlier imports, by value; where there are several of one, the oldest. */
async function findKeys({ api, keyBy, values, retryForMs, onRetry }: ResolveKeysOptions): Promise<Map<string, string>> {
  const wanted = new Set(values)
  const found = new Map<string, string>()
  const query = { owner: importedBy, type: 'service' }
  for await (const key of eachItem(api, keySchema, { path: '/v1/keys', query, retryForMs, onRetry })) {
    const value = key.metadata?.['value']
    if (key.metadata?.['importedBy'] !== importedBy || key.metadata['keyBy'] !== keyBy) continue
    if (typeof value === 'string' && wanted.has(value)) found.set(value, key.id)
  }
  return found
}
