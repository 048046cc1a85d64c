import type { BackupInfo } from '@momentry/shared/backup/info.ts'

export const exampleBackup: BackupInfo = {
  number: 12,
  id: '019a2b3c-0000-7000-8000-00000000000e',
  format: 2,
  schemaVersion: 6,
  createdAt: '2026-01-06T02:00:00.000Z',
  parent: 11,
  reason: 'by schedule',
  rows: 20_481,
  bytes: 1_403_112,
  tables: [
    {
      name: 'api_keys',
      rows: 1204,
      bytes: 90_113,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
  ],
}

export const exampleQueued = { jobId: '019a2b3c-0000-7000-8000-00000000000b', status: 'queued' as const }
