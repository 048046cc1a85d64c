import type { KeyType } from '../kinds.ts'
import type { SecretState } from '../status.ts'

/** A secret and its key as validation needs them; times in milliseconds since 1970. */
export interface SecretRecord extends SecretState {
  keyId: string
  /** SHA-256 of the secret. */
  digest: Buffer
  /** This secret's version. */
  version: number
  /** The version that is current. */
  currentVersion: number
  type: KeyType
  name: string
  ownerId: string | null
  scopes: readonly string[]
  metadata: Readonly<Record<string, unknown>>
}
