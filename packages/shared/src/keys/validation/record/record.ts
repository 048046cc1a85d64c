import type { KeyLimits } from '../../../limits/limits.ts'
import type { IsInRanges } from '../../../platform/address-range.ts'
import type { KeyType } from '../../kinds.ts'
import type { SecretState } from '../../status.ts'

/** A secret and its key as validation needs them; times in milliseconds since 1970. */
export interface SecretRecord extends SecretState {
  keyId: string
  /** SHA-256 of the secret, a character a byte: as a Buffer it would take three times the memory. */
  digest: string
  /** This secret's version. */
  version: number
  /** The version that is current. */
  currentVersion: number
  /** When a successor took over; undefined for the current version. */
  supersededAt: number | undefined
  /** The successor can be claimed with this secret. */
  claimable: boolean
  /** The rotation that made the current version, and when; undefined for a key's first. */
  rotation: { id: string; at: number } | undefined
  /** This secret is current, was made by that rotation, and nobody has used it yet. */
  awaitsFirstUse: boolean
  type: KeyType
  scopes: readonly string[]
  /** Tells from where it may be used; undefined: from anywhere. */
  isAllowedFrom: IsInRanges | undefined
  /** undefined for a key that has none. */
  limits: KeyLimits | undefined
  /** What a good answer says of it after its key's id, each time the same: JSON, by `writeFacts` in `answer.ts`. */
  facts: string
}
