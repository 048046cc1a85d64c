import type { ErrorCode } from '@momentry/shared/errors.ts'

/** What can come of asking another system. */
export const remoteProblems = [
  'INTEGRATION_NOT_CONFIGURED',
  'REMOTE_CREDENTIALS_REFUSED',
  'REMOTE_REFUSED',
  'REMOTE_BUSY',
  'REMOTE_UNREACHABLE',
  'REMOTE_FAILED',
] as const satisfies readonly ErrorCode[]
