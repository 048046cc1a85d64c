import type { ApiClient } from '../../api/client.ts'
import { eachItem } from '../../api/pages.ts'
import { type Key, keySchema } from '../../api/shapes.ts'

export interface KeyFilter {
  type?: string | undefined
  owner?: string | undefined
  search?: string | undefined
}

export interface ChosenKeys {
  keys: Key[]
  /** The key that the command asks with, where it matches but is left out. */
  left: Key | undefined
}

/**
 * Lists the active keys that match. The key that the command asks with is left out; where it is to be included, it comes
 * last, since nothing can be asked with it once its secret has stopped.
 */
export async function chooseKeys(
  api: ApiClient,
  { type, owner, search }: KeyFilter,
  { ownId, includeSelf }: { ownId: string | undefined; includeSelf: boolean },
): Promise<ChosenKeys> {
  const keys: Key[] = []
  let own: Key | undefined
  const query = { type, owner, text: search, status: 'active' }
  for await (const key of eachItem(api, keySchema, { path: '/v1/keys', query })) {
    if (key.id === ownId) own = key
    else keys.push(key)
  }
  if (!own) return { keys, left: undefined }
  return includeSelf ? { keys: [...keys, own], left: undefined } : { keys, left: own }
}
