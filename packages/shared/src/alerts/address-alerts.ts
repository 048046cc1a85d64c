import type { AddressFinding } from '../lockout/lockout.ts'
import { deriveId } from '../platform/id.ts'
import type { AddressAlert } from './alert.ts'

/** Tells that an address is locked out. */
export function addressLocked(finding: AddressFinding, now: number): AddressAlert {
  return alertOf('address.locked', finding, now, {
    severity: 'medium',
    explanation: `${finding.observed} failed attempts within the window locked the address out`,
  })
}

/** Tells that somebody tries secrets from a list. */
export function credentialStuffing(finding: AddressFinding, now: number): AddressAlert {
  return alertOf('credential_stuffing', finding, now, {
    severity: 'high',
    explanation: `${finding.observed} different secrets failed from the address within the window`,
  })
}

function alertOf(
  type: AddressAlert['type'],
  { address, observed, threshold, endsAt }: AddressFinding,
  now: number,
  told: Pick<AddressAlert['data'], 'severity' | 'explanation'>,
): AddressAlert {
  return {
    type,
    timestamp: new Date(now).toISOString(),
    data: {
      id: deriveId(`${type} ${address} ${endsAt}`),
      address,
      ...told,
      observed,
      threshold,
      until: new Date(endsAt).toISOString(),
    },
  }
}
