import type { ConnectionView } from '@momentry/shared/integrations/connections/view.ts'
import type { CredentialView, RemoteCredentialView } from '@momentry/shared/integrations/credentials/view.ts'
import type { RotationView } from '@momentry/shared/integrations/rotation/view.ts'

/** A connection as the OpenAPI document shows it. */
export const exampleConnection: ConnectionView = {
  id: '019a2b3c-7777-7000-8000-000000000001',
  system: 'gitea',
  server: 'https://git.example.com',
  name: 'ci account',
  account: 'ci-bot',
  error: null,
  lastUsedAt: '2026-01-06T10:00:00.000Z',
  createdBy: '019a2b3c-0000-7000-8000-000000000001',
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
}

/** A tracked credential, likewise. */
export const exampleCredential: CredentialView = {
  id: '019a2b3c-7777-7000-8000-000000000002',
  system: 'gitea',
  server: exampleConnection.server,
  owner: 'ci-bot',
  name: 'deploy',
  remoteName: 'deploy',
  remoteId: '42',
  hint: '3f9a01bc',
  scopes: ['write:package', 'read:user'],
  version: 1,
  state: 'active',
  adopted: false,
  connectionId: exampleConnection.id,
  policy: { intervalSeconds: 2_592_000, graceSeconds: 7200, handOver: { type: 'claim' } },
  nextRotationAt: '2026-02-04T06:00:00.000Z',
  expiresAt: null,
  lastVerifiedAt: null,
  lastOutcome: null,
  createdBy: '019a2b3c-0000-7000-8000-000000000001',
  createdAt: '2026-01-05T09:30:00.000Z',
  renewedAt: '2026-01-05T09:30:00.000Z',
  endedAt: null,
  updatedAt: '2026-01-05T09:30:00.000Z',
}

export const exampleRemote: RemoteCredentialView = {
  remoteId: '43',
  name: 'made by hand',
  hint: '77aa10ff',
  scopes: ['read:user'],
  expiresAt: null,
  createdAt: '2025-11-02T08:00:00.000Z',
  lastUsedAt: null,
}

/** A rotation of it, likewise. */
export const exampleCredentialRotation: RotationView = {
  id: '019a2b3c-7777-7000-8000-000000000003',
  system: 'gitea',
  credentialId: exampleCredential.id,
  credentialName: exampleCredential.name,
  owner: exampleCredential.owner,
  jobId: '019a2b3c-7777-7000-8000-000000000004',
  kind: 'manual',
  state: 'draining',
  reason: 'yearly renewal',
  requestedBy: '019a2b3c-0000-7000-8000-000000000001',
  graceSeconds: 7200,
  handOver: { type: 'claim' },
  fromVersion: 1,
  toVersion: 2,
  oldRemoteName: 'deploy',
  newRemoteName: 'deploy-5a1c0e77d2',
  createdThereAt: '2026-01-06T10:00:00.310Z',
  handedOverAt: '2026-01-06T10:00:00.322Z',
  verifiedAt: '2026-01-06T10:00:00.391Z',
  graceEndsAt: '2026-01-06T12:00:00.391Z',
  oldDeletedAt: null,
  claimedAt: null,
  claimable: true,
  error: null,
  createdAt: '2026-01-06T10:00:00.000Z',
  startedAt: '2026-01-06T10:00:00.040Z',
  finishedAt: null,
  updatedAt: '2026-01-06T10:00:00.391Z',
}

/** A value of no system. */
export const exampleValue = 'EXAMPLE-the-value-of-the-new-credential'
