import type { KeyBy } from '@momentry/shared/access-log/key-value.ts'
import { type ApiClient, path } from '../api/client.ts'
import { keySchema } from '../api/shapes.ts'
import { usageFailure } from '../failure.ts'
import { createProgress } from '../output/progress.ts'
import type { Session } from '../session.ts'
import { resolveKeys } from './resolve-keys.ts'

export interface KeysOfImport {
  made: number
  reused: number
  /** @throws RangeError for a value that is not of this import */
  idOf(value: string): string
}

export interface KeysOfImportOptions {
  target: { keyBy: KeyBy } | { keyId: string }
  values: readonly string[]
  maxKeys: number
  retryForMs: number
}

/** Gives the key of each value: the one that was named, or one for each, made where there is none yet. */
export async function findKeysOfImport(
  { out }: Session,
  api: ApiClient,
  { target, values, maxKeys, retryForMs }: KeysOfImportOptions,
): Promise<KeysOfImport> {
  if ('keyId' in target) {
    const { id } = await api.call(keySchema, { method: 'GET', path: path`/v1/keys/${target.keyId}`, retryForMs })
    return { made: 0, reused: 1, idOf: () => id }
  }
  const { keyBy } = target
  if (values.length > maxKeys) {
    throw usageFailure(`--key-by ${keyBy} would make ${values.length} keys: allow it with --max-keys ${values.length}`)
  }
  if (keyBy === 'user-agent' && values.every((value) => value === '-')) {
    out.note('the log names no user agents (common format?): everything goes to one key, `-`')
  }
  const bar = createProgress(out, 'keys', values.length)
  try {
    const { ids, made, reused } = await resolveKeys({
      api,
      keyBy,
      values,
      retryForMs,
      onRetry: (reason) => bar.note(`${reason}; trying again for up to ${retryForMs / 1000} s`),
      onProgress: (done) => bar.update(done),
    })
    return { made, reused, idOf: (value) => known(ids.get(value)) }
  } finally {
    bar.stop()
  }
}

function known(id: string | undefined): string {
  if (id === undefined) throw new RangeError('a value without a key')
  return id
}
