import type { CredentialAlert } from '../alerts/alert.ts'
import type { Severity } from '../anomalies/finding.ts'
import { deriveId } from '../platform/id.ts'
import type { CredentialRow } from './credential-table.ts'

export interface CredentialNews {
  type: CredentialAlert['type']
  severity: Severity
  /** What happened, in one sentence. */
  explanation: string
  rotationId?: string | undefined
}

/** Makes the alert that tells of a credential elsewhere. @param now ms */
export function credentialAlert(
  system: string,
  { id, name, owner }: Pick<CredentialRow, 'id' | 'name' | 'owner'>,
  news: CredentialNews,
  now: number,
): CredentialAlert {
  const { type, severity, explanation, rotationId } = news
  // A rotation takes over once, and is unclaimed once per severity; what fails can fail again, which is news.
  const once = type === 'credential.rotated' || type === 'credential.unclaimed'
  return {
    type,
    timestamp: new Date(now).toISOString(),
    data: {
      id: deriveId(`${rotationId ?? id}:${type}:${once ? severity : now}`),
      system,
      credentialId: id,
      credentialName: name,
      owner,
      severity,
      explanation,
      rotationId: rotationId ?? null,
    },
  }
}
