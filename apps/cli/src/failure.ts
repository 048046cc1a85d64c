import { type ExitCode, exitCodes } from './exit-codes.ts'

/** Ends a command: its message and details go to standard error, one line each, and its code to the shell. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode
  readonly details: readonly string[]

  constructor(exitCode: ExitCode, message: string, options: { details?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CliFailure'
    this.exitCode = exitCode
    this.details = options.details ?? []
  }
}

/** A failure of what was typed. */
export function usageFailure(message: string): CliFailure {
  return new CliFailure(exitCodes.usage, message)
}
