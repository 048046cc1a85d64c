import { fileURLToPath } from 'node:url'
import { readConfig } from '@momentry/shared/config.ts'
import { programsAreBuilt } from '../../../scripts/setup/programs.mjs'
import { programFile } from './children/program-file.ts'
import { runDemo } from './demo.ts'
import { launch } from './launch.ts'
import { help, type LauncherOptions, readOptions } from './options.ts'
import { createOutput, type Output } from './output.ts'
import { setUp } from './set-up.ts'
import { aborted, listenForStop } from './stop-request.ts'
import { welcome } from './welcome.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Does what the command line asks for. @throws Error, one line for people */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(help)
  else if (options.setUp) process.stdout.write(`${await setUp(readConfig(process.env))}\n`)
  else await run(options, createOutput())
}

/** Runs everything until it is asked to stop, or until the start fails; leaves nothing behind either way. */
async function run(options: LauncherOptions, output: Output): Promise<void> {
  const config = readConfig(process.env)
  const bundled = programsAreBuilt(root)
  const request = listenForStop()
  const stopped = aborted(request.stop)
  const steps: (() => Promise<void>)[] = []
  try {
    const launched = await launch({ config, root, bundled, output, request, onUndo: (undo) => steps.push(undo) })
    process.stdout.write(welcome(launched, process.stdout.isTTY === true))
    if (options.demo) await showDemo(programFile('cli', bundled), config.dataDir, output, request.stop)
    await stopped
  } catch (error) {
    // Asked to stop while it was starting: that is no failure.
    if (!request.stop.aborted) throw error
  } finally {
    if (request.stop.aborted) output.say('stopping')
    for (const undo of steps.reverse()) await undo()
    if (request.stop.aborted) output.say('stopped')
  }
}

/** Shows the demo alone: a line for each of its requests would bury it. */
async function showDemo(script: string, dataDir: string, output: Output, stop: AbortSignal): Promise<void> {
  output.quiet(true)
  const outcome = await runDemo({ root, script, dataDir, stop })
  output.quiet(false)
  if (!stop.aborted) output.say(outcome)
}

try {
  await main()
  process.exit(0)
} catch (error) {
  process.stderr.write(`momentry: ${error instanceof Error ? error.message : 'the start failed'}\n`)
  process.exit(1)
}
