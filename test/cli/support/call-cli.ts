import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Host } from '../../../apps/cli/src/host.ts'
import { run } from '../../../apps/cli/src/run.ts'
import { keepWritten } from '../../support/written/keep.ts'
import type { CliResult } from './run-cli.ts'

/**
 * Runs a command as the command line does, but within this process: a process of its own costs half a second of a busy
 * machine. For tests of what commands do; those of a process, its signals and its pipes are for `runCli`.
 * @param env all of its environment
 */
export async function callCli(args: readonly string[], env: Record<string, string>, input = ''): Promise<CliResult> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  keepWritten('cli', [stderr])
  const written = Promise.all([text(stdout), text(stderr)])
  const host: Host = {
    ...{ env, stdout, stderr },
    stdin: Readable.from([Buffer.from(input)], { objectMode: false }),
    once: () => undefined,
    exit: (code) => {
      throw new Error(`a command ended the process, with ${code}`)
    },
  }
  const code = await run(args, host)
  stdout.end()
  stderr.end()
  const [out, err] = await written
  return { code, stdout: out, stderr: err }
}
