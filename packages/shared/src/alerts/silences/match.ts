import type { LoggedAlert } from '../logged.ts'

/** What a silence covers: alerts that match all that is not null. */
export interface SilenceMatch {
  keyId: string | null
  rule: string | null
  owner: string | null
  type: string | null
}

/** Tells whether one of the silences covers an alert. Whether they are in force is for whoever gathers them. */
export function isSilenced(
  silences: readonly SilenceMatch[],
  logged: Pick<LoggedAlert, 'alert' | 'keyId' | 'rule' | 'owner'>,
): boolean {
  return silences.some((silence) => covers(silence, logged))
}

function covers(
  { keyId, rule, owner, type }: SilenceMatch,
  logged: Pick<LoggedAlert, 'alert' | 'keyId' | 'rule' | 'owner'>,
): boolean {
  return (
    (keyId === null || keyId === logged.keyId) &&
    (rule === null || rule === logged.rule) &&
    (owner === null || owner === logged.owner) &&
    (type === null || type === logged.alert.type)
  )
}
