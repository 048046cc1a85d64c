import { auditPurpose, createSigner, type Signer } from '@momentry/shared/platform/sign.ts'
import { inject } from 'vitest'

/** Signs audit rows as the processes of the run do. */
export function createTestSigner(): Signer {
  return createSigner([inject('masterKey')], auditPurpose)
}
