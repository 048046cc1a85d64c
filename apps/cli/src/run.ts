import { MomentryError } from '@momentry/shared/errors.ts'
import { CommanderError } from 'commander'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { CliFailure } from './failure.ts'
import type { Host } from './host.ts'
import { printable } from './output/printable.ts'
import { createProgram } from './program.ts'

/**
 * Runs one command and gives the code to end with. A failure is a line on standard error, never a stack.
 * @param args what was typed after `momentry`
 */
export async function run(args: readonly string[], host: Host): Promise<number> {
  const abort = new AbortController()
  host.once('SIGINT', () => abort.abort())
  host.once('SIGTERM', () => abort.abort())
  // `momentry … | head` closes the pipe: what is left to say has no reader.
  host.stdout.on('error', () => host.exit(exitCodes.ok))
  try {
    const program = await createProgram(args, host, abort.signal)
    await program.parseAsync(args, { from: 'user' })
    return Number(host.exitCode ?? exitCodes.ok)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (abort.signal.aborted) return exitCodes.interrupted
    const { exitCode, lines } = explain(error)
    for (const line of lines) host.stderr.write(`${printable(line)}\n`)
    return exitCode
  }
}

function explain(error: unknown): { exitCode: ExitCode; lines: string[] } {
  if (error instanceof CliFailure) {
    return { exitCode: error.exitCode, lines: [`error: ${error.message}`, ...error.details.map((line) => `  ${line}`)] }
  }
  if (error instanceof MomentryError) {
    const exitCode = error.code === 'CONFIG_INVALID' ? exitCodes.usage : exitCodes.failed
    return { exitCode, lines: [`error: ${error.message}`] }
  }
  return { exitCode: exitCodes.failed, lines: [`error: ${error instanceof Error ? error.message : 'unknown failure'}`] }
}
