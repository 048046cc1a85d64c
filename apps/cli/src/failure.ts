import { type ExitCode, exitCodes } from './exit-codes.ts'

interface FailureOptions {
  details?: readonly string[]
  code?: string | undefined
  cause?: unknown
}

/** Ends a command: its message and details go to standard error, one line each, and its code to the shell. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode
  readonly details: readonly string[]
  /** The server's own, where it said no. */
  readonly code: string | undefined

  constructor(exitCode: ExitCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CliFailure'
    this.exitCode = exitCode
    this.details = options.details ?? []
    this.code = options.code
  }
}

/** A failure of what was typed. */
export function usageFailure(message: string): CliFailure {
  return new CliFailure(exitCodes.usage, message)
}
