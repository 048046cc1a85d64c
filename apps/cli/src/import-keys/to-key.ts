/** What is given to keys that do not say it themselves. */
export interface KeyDefaults {
  type?: string | undefined
  prefix?: string | undefined
  ownerId?: string | undefined
  scopes?: readonly string[] | undefined
}

/** Names that other systems' exports have for the same. */
const aliases: Readonly<Record<string, string>> = {
  hash: 'digest',
  sha256: 'digest',
  keyHash: 'digest',
  key_hash: 'digest',
  owner: 'ownerId',
  owner_id: 'ownerId',
  externalId: 'ownerId',
  meta: 'metadata',
  expires_at: 'expiresAt',
  created_at: 'createdAt',
}

/** Ways to write a digest that Unkey names (its migration API: `hash: {value, variant}`). */
const variants: readonly unknown[] = ['sha256_base64', 'sha256_hex']

/** Puts a line's fields into the form of the API: names, defaults, times. What is wrong with them the server tells. */
export function toKey(fields: Readonly<Record<string, unknown>>, defaults: KeyDefaults): Record<string, unknown> {
  const key: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) if (value !== null) key[aliases[name] ?? name] = value
  key['digest'] = digestOf(key['digest'])
  for (const name of ['expiresAt', 'createdAt']) key[name] = timeOf(key[name])
  const { scopes, ...others } = defaults
  const given = { ...others, ...(scopes && scopes.length > 0 && { scopes }) }
  const all = { ...withoutAbsent(given), ...withoutAbsent(key) }
  return { name: `imported ${String(all['hint'] ?? key['digest'] ?? '').slice(0, 12)}`.trim(), ...all }
}

function digestOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('value' in value)) return value
  const isKnown = !('variant' in value) || variants.includes(value.variant)
  return isKnown ? value.value : `of an unknown kind: ${'variant' in value ? String(value.variant) : ''}`
}

/** A time is RFC 3339, or a number of milliseconds since 1970; Postgres writes a space in the place of the T. */
function timeOf(value: unknown): unknown {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{12,14}$/.test(value)))
    return new Date(Number(value)).toISOString()
  if (typeof value !== 'string') return value
  const parsed = /^\d{4}-\d{2}-\d{2}[ T]/.test(value)
    ? new Date(value.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'))
    : undefined
  return parsed && !Number.isNaN(parsed.getTime()) ? parsed.toISOString() : value
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
