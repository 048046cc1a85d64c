import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where a test run bundles the programs that it starts. */
export const programsFolder = fileURLToPath(new URL('../../../dist', import.meta.url))

/** Gives the file of a program, as bundled from the sources at the start of the run. */
export function programFile(name: 'api' | 'worker' | 'alerter' | 'cli'): string {
  return join(programsFolder, 'programs', `${name}.js`)
}

/** More room for young objects than production gives (decision 0020): a tenth of what a start takes. */
export const nodeOptions = ['--min-semi-space-size=16']

/** Compiled code, for all processes of all runs: Node tells by content what is still true. Halves the time to start one. */
export const compileCache = join(tmpdir(), 'momentry-test-compile-cache')
