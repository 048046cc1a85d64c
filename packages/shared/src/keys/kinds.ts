import { MomentryError } from '../errors.ts'

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

/** The longest grace that any type allows, in seconds. */
export const longestGraceSeconds = Math.max(...Object.values(keyKinds).map((kind) => kind.defaultGraceSeconds))

/**
 * When a key of a type ends (DESIGN.md section 5: an emergency key must expire, 72 h after its making at the latest).
 * @param asked what the caller wants: a time, null for none, undefined for the type's own
 * @param createdAt when the key was or is made, from which a limited life counts; milliseconds since 1970
 * @param now milliseconds since 1970
 * @throws MomentryError `VALIDATION_FAILED` for a time that has passed, or that the type does not allow
 */
export function decideExpiry(
  type: KeyType,
  asked: Date | null | undefined,
  createdAt: number,
  now: number,
): Date | null {
  const { defaultLifeSeconds, maxLifeSeconds } = keyKinds[type]
  if (asked === undefined)
    return defaultLifeSeconds === undefined ? null : new Date(createdAt + defaultLifeSeconds * 1000)
  if (asked === null) {
    if (maxLifeSeconds !== undefined) throw refused(`a key of type ${type} must expire`)
    return null
  }
  if (asked.getTime() <= now) throw refused('must be in the future')
  if (maxLifeSeconds !== undefined && asked.getTime() > createdAt + maxLifeSeconds * 1000)
    throw refused(`a key of type ${type} lives ${maxLifeSeconds / 3600} hours at the most`)
  return asked
}

/**
 * Refuses a schedule for a type without a grace: each rotation would cut its holder off.
 * @throws MomentryError `VALIDATION_FAILED`
 */
export function refuseSchedule(type: KeyType, intervalSeconds: number | null | undefined): void {
  if (!intervalSeconds || keyKinds[type].defaultGraceSeconds > 0) return
  throw new MomentryError('VALIDATION_FAILED', 'the policy is not possible', {
    issues: [
      { pointer: '/policy/rotation/intervalSeconds', detail: `a key of type ${type} is not rotated by schedule` },
    ],
  })
}

function refused(detail: string): MomentryError {
  return new MomentryError('VALIDATION_FAILED', 'the expiry is not possible', {
    issues: [{ pointer: '/expiresAt', detail }],
  })
}
