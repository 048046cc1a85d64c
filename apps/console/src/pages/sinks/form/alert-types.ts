/** Every kind of alert, as people say it. */
export const alertTypes = [
  { value: 'anomaly.detected', label: 'Anomaly found' },
  { value: 'anomaly.escalated', label: 'Anomaly got worse' },
  { value: 'rotation.completed', label: 'Rotation completed' },
  { value: 'rotation.unclaimed', label: 'New secret not claimed' },
  { value: 'rotation.failed', label: 'Rotation failed' },
  { value: 'key.expiring', label: 'Key expires soon' },
  { value: 'key.leaked', label: 'Secret leaked' },
  { value: 'policy.acted', label: 'Policy acted on a key' },
  { value: 'address.locked', label: 'Address locked out' },
  { value: 'credential_stuffing', label: 'Secrets tried from a list' },
  { value: 'backup.failed', label: 'Backup failed' },
  { value: 'credential.rotated', label: 'Credential elsewhere rotated' },
  { value: 'credential.unclaimed', label: 'Credential elsewhere not claimed' },
  { value: 'credential.rotation-failed', label: 'Rotation elsewhere failed' },
  { value: 'credential.expired', label: 'Credential elsewhere expired' },
  { value: 'credential.expiry-failed', label: 'Expiry elsewhere failed' },
]

export function alertTypeName(type: string): string {
  return alertTypes.find(({ value }) => value === type)?.label ?? type
}
