import type { Credential } from '../../api/shapes/integration.ts'
import type { Output } from '../../output/output.ts'
import { showFields } from '../show-fields.ts'
import { tellPolicy } from './policy-options.ts'

/** Shows a tracked credential. @param value its value, where it is known this once */
export function showCredential(out: Output, credential: Credential, value?: string): void {
  const { id, name, remoteName, version, policy, lastOutcome, lastVerifiedAt } = credential
  showFields(out, {
    id,
    name,
    // Until its first rotation it is called there what it is called here.
    ...(remoteName !== name && { there: remoteName }),
    owner: credential.owner,
    server: credential.server,
    state: credential.state,
    scopes: credential.scopes,
    ends: credential.hint ? `in …${credential.hint}` : undefined,
    version,
    expires: credential.expiresAt,
    rotates: tellPolicy(policy),
    'next rotation': credential.nextRotationAt,
    verified: lastVerifiedAt ? `${lastOutcome}, ${lastVerifiedAt}` : undefined,
    ended: credential.endedAt,
    value,
  })
}
