import type { RemoteCredential } from '../integration.ts'
import type { N8nAccess } from './access.ts'
import { keyPageSchema, type ListedKey, readData, viewKey } from './answers.ts'
import { refusal } from './refuse.ts'

/** The largest page that n8n gives. */
const perPage = 250
/** More than any account has. */
const maxPages = 400
/** A list that changes while it is read is read anew, so often. */
const tries = 3

/**
 * Lists the account's own API keys, to the last page. New keys come first, so pages shift while keys are made and
 * deleted: what then may have been left out would count as gone, so the list is read until it is the same twice.
 * @throws MomentryError as `Account.list`
 */
export async function listKeys(access: N8nAccess): Promise<RemoteCredential[]> {
  let last = await readAll(access)
  if (last.length < perPage) return last.map(viewKey)
  for (let left = tries; left > 0; left -= 1) {
    const next = await readAll(access)
    if (isSame(last, next)) return next.map(viewKey)
    last = next
  }
  return last.map(viewKey)
}

function isSame(a: readonly ListedKey[], b: readonly ListedKey[]): boolean {
  const ids = new Set(a.map(({ id }) => id))
  return a.length === b.length && b.every(({ id }) => ids.has(id))
}

async function readAll(access: N8nAccess): Promise<ListedKey[]> {
  const keys = new Map<string, ListedKey>()
  // By what came, and not by what was asked for: a version may give smaller pages.
  for (let page = 0, skip = 0; page < maxPages; page += 1) {
    const { items, isAll } = await readPage(access, skip)
    for (const key of items) if (isOwn(access, key)) keys.set(key.id, key)
    if (isAll || items.length === 0) break
    skip += items.length
  }
  return [...keys.values()]
}

/** Versions that do not know `ownership` give an owner of the server everybody's keys. */
function isOwn({ owner }: N8nAccess, key: ListedKey): boolean {
  return key.owner === undefined || key.owner.email.toLowerCase() === owner
}

async function readPage({ session, hidden }: N8nAccess, skip: number) {
  const query = { take: perPage, skip, ownership: 'mine' }
  const answer = await session.send({ method: 'GET', path: '/rest/api-keys', query })
  if (answer.status !== 200) throw refusal(answer, hidden)
  return readData(keyPageSchema, answer)
}
