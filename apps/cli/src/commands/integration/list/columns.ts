import type { Credential } from '../../../api/shapes/integration.ts'
import type { TableColumn } from '../../../output/table.ts'

const minute = (time: string | null | undefined) => time?.slice(0, 16).replace('T', ' ')

/** How tracked credentials are listed. */
export const credentialColumns: readonly TableColumn<Credential>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'name', value: ({ name }) => name, flexible: true },
  { title: 'owner', value: ({ owner }) => owner, flexible: true },
  { title: 'state', value: ({ state }) => state },
  { title: 'version', value: ({ version }) => version, align: 'right' },
  { title: 'scopes', value: ({ scopes }) => scopes.join(' '), flexible: true, optional: true },
  { title: 'expires', value: ({ expiresAt }) => minute(expiresAt), optional: true },
  { title: 'next rotation', value: ({ nextRotationAt }) => minute(nextRotationAt), optional: true },
]
