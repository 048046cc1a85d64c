import type { CreateKey, Key, KeyPolicy, UpdateKey } from '../../../api/keys/keys.ts'
import type { KeyType } from '../kinds.ts'

/** A key while somebody fills in its form. */
export interface KeyDraft {
  type: KeyType
  name: string
  ownerId: string
  scopes: string[]
  /** RFC 3339; null: never; undefined: as its type has it. */
  expiresAt: string | null | undefined
  policy: KeyPolicy
  /** As JSON. */
  metadata: string
  publicKey: string
}

export function newDraft(): KeyDraft {
  return {
    type: 'service',
    name: '',
    ownerId: '',
    scopes: [],
    expiresAt: undefined,
    policy: {},
    metadata: '',
    publicKey: '',
  }
}

export function draftOf(key: Key): KeyDraft {
  return {
    type: key.type,
    name: key.name,
    ownerId: key.ownerId ?? '',
    scopes: key.scopes,
    expiresAt: key.expiresAt,
    policy: key.policy,
    metadata: Object.keys(key.metadata).length === 0 ? '' : JSON.stringify(key.metadata, null, 2),
    publicKey: key.publicKey ?? '',
  }
}

/** What is wrong with a draft that the API would not find: it is told nothing of JSON that does not parse. */
export function draftIssues({ name, metadata }: KeyDraft): { name?: string; metadata?: string } {
  return {
    ...(name.trim() === '' && { name: 'A key needs a name' }),
    ...(readMetadata(metadata) === undefined && { metadata: 'This is not a JSON object' }),
  }
}

export function toCreate(draft: KeyDraft): CreateKey {
  const { type, name, ownerId, scopes, expiresAt, publicKey } = draft
  const policy = tidy(draft.policy)
  const metadata = readMetadata(draft.metadata) ?? {}
  return {
    type,
    name: name.trim(),
    ...(ownerId.trim() && { ownerId: ownerId.trim() }),
    ...((scopes.length > 0 || type !== 'system') && { scopes }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(Object.keys(policy).length > 0 && { policy }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(publicKey.trim() && { publicKey: publicKey.trim() }),
  }
}

/** What of a key is to change; undefined where nothing is. */
export function toUpdate(key: Key, draft: KeyDraft): UpdateKey | undefined {
  const before = draftOf(key)
  const policy = tidy(draft.policy)
  const change: UpdateKey = {
    ...(draft.name.trim() !== before.name && { name: draft.name.trim() }),
    ...(!same(draft.scopes, before.scopes) && { scopes: draft.scopes }),
    ...(draft.expiresAt !== undefined && draft.expiresAt !== before.expiresAt && { expiresAt: draft.expiresAt }),
    ...(!same(policy, tidy(before.policy)) && { policy }),
    ...(draft.metadata !== before.metadata && { metadata: readMetadata(draft.metadata) ?? {} }),
    ...(draft.publicKey.trim() !== before.publicKey && { publicKey: draft.publicKey.trim() || null }),
  }
  return Object.keys(change).length > 0 ? change : undefined
}

/** A policy without the parts that say nothing. */
function tidy(policy: KeyPolicy): KeyPolicy {
  const parts = Object.entries(policy).filter(([, value]) => {
    if (value === undefined) return false
    return typeof value !== 'object' || Object.values(value).some((inner) => inner !== undefined)
  })
  return Object.fromEntries(parts) as KeyPolicy
}

function readMetadata(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

const same = (first: unknown, second: unknown): boolean => JSON.stringify(first) === JSON.stringify(second)
