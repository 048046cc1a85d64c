/** The types of key, and what somebody who makes one should know of each. */
export const keyTypes = ['service', 'user', 'integration', 'system', 'emergency'] as const
export type KeyType = (typeof keyTypes)[number]

export const keyStatuses = ['active', 'disabled', 'expired', 'revoked'] as const

export const typeNotes: Readonly<Record<KeyType, string>> = {
  service: 'For a program. Its secrets validate 48 hours beside their successors.',
  user: 'For a person. Its secrets validate 24 hours beside their successors.',
  integration: 'For another system. Its secrets validate 24 hours beside their successors.',
  system: 'Administers Momentry. It holds every scope unless told otherwise.',
  emergency: 'To break the glass: it lives 72 hours at the most, and every use of it raises an alert.',
}

/** Scopes that Momentry's own routes ask for. Services may have any others. */
export const ownScopes = [
  '*',
  'keys:read',
  'keys:write',
  'keys:validate',
  'keys:*',
  'usage:write',
  'anomalies:read',
  'anomalies:write',
  'alerts:read',
  'alerts:write',
  'rotations:read',
  'rotations:write',
  'audit:read',
  'jobs:read',
  'jobs:write',
  'integrations:write',
  'lockouts:read',
  'lockouts:write',
  'backups:write',
  'settings:read',
  'settings:write',
  'system:read',
] as const

export const isKeyType = (text: string | null): text is KeyType => keyTypes.some((type) => type === text)
