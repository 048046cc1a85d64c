import type { RotationAlert } from '../alerts/alert.ts'
import type { Severity } from '../anomalies/finding.ts'
import { deriveId } from '../platform/id.ts'
import type { RotationRow } from './read/view.ts'

export interface RotationNews {
  type: RotationAlert['type']
  severity: Severity
  /** What happened, in one sentence. */
  explanation: string
}

/** Makes the alert that tells of a rotation. @param now ms */
export function rotationAlert(
  { rotation, keyName, keyType }: RotationRow,
  news: RotationNews,
  now: number,
): RotationAlert {
  return {
    type: news.type,
    timestamp: new Date(now).toISOString(),
    data: {
      id: alertId(rotation.id, news, now),
      keyId: rotation.keyId,
      keyName,
      keyType,
      severity: news.severity,
      explanation: news.explanation,
      rotationId: rotation.id,
      kind: rotation.kind,
      fromVersion: rotation.fromVersion,
      toVersion: rotation.toVersion,
      graceEndsAt: rotation.graceEndsAt?.toISOString() ?? null,
    },
  }
}

/** One that failed can fail again after a retry, and nobody has claimed twice: each of these is news of its own. */
function alertId(rotationId: string, { type, severity }: RotationNews, now: number): string {
  if (type === 'rotation.failed') return deriveId(`${rotationId}:failed:${now}`)
  return type === 'rotation.unclaimed' ? deriveId(`${rotationId}:unclaimed:${severity}`) : rotationId
}
