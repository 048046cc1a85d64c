import type { ErrorCode } from '@momentry/shared/errors.ts'

/** What a script can tell from how the command ended. `docs/cli.md` explains them to people. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  unreachable: 5,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const usageCodes: readonly ErrorCode[] = ['VALIDATION_FAILED', 'CONFIG_INVALID', 'MALFORMED_JSON']

/** Maps what the server answered to how the command ends. @param code the problem's own code, where there was one */
export function exitCodeOfAnswer(status: number, code: string | undefined): ExitCode {
  if (usageCodes.some((usage) => usage === code)) return exitCodes.usage
  if (code === 'REMOTE_CREDENTIALS_REFUSED') return exitCodes.refused
  if (status === 404) return exitCodes.notFound
  if (status === 401 || status === 403 || status === 429) return exitCodes.refused
  if (status >= 502 && status <= 504) return exitCodes.unreachable
  return exitCodes.failed
}
