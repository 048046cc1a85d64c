/** The five types of key and how each behaves (DESIGN.md section 5). */
export const keyTypes = ['system', 'user', 'service', 'integration', 'emergency'] as const

export type KeyType = (typeof keyTypes)[number]

export interface KeyKind {
  /** How long a superseded secret still validates beside its successor, unless told otherwise. */
  defaultGraceSeconds: number
  /** Held where a creator names no scopes. */
  defaultScopes: readonly string[]
  /** Seconds of life where none are told; undefined: no expiry. */
  defaultLifeSeconds: number | undefined
  /** Seconds of life at the most; undefined: no limit. */
  maxLifeSeconds: number | undefined
}

const hour = 3600

export const keyKinds: Readonly<Record<KeyType, KeyKind>> = {
  system: {
    defaultGraceSeconds: 72 * hour,
    defaultScopes: ['*'],
    defaultLifeSeconds: undefined,
    maxLifeSeconds: undefined,
  },
  user: { defaultGraceSeconds: 24 * hour, defaultScopes: [], defaultLifeSeconds: undefined, maxLifeSeconds: undefined },
  service: {
    defaultGraceSeconds: 48 * hour,
    defaultScopes: [],
    defaultLifeSeconds: undefined,
    maxLifeSeconds: undefined,
  },
  integration: {
    defaultGraceSeconds: 24 * hour,
    defaultScopes: [],
    defaultLifeSeconds: undefined,
    maxLifeSeconds: undefined,
  },
  emergency: { defaultGraceSeconds: 0, defaultScopes: [], defaultLifeSeconds: 24 * hour, maxLifeSeconds: 72 * hour },
}
