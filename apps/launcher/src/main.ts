import { fileURLToPath } from 'node:url'
import { readConfig } from '@momentry/shared/config.ts'
import { runDemo } from './demo.ts'
import { launch } from './launch.ts'
import { help, readOptions } from './options.ts'
import { createOutput } from './output.ts'
import { aborted, listenForStop } from './stop-request.ts'
import { welcome } from './welcome.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs until it is asked to stop, or until the start fails; gives the exit code. */
async function main(): Promise<number> {
  const request = listenForStop()
  const output = createOutput()
  const steps: (() => Promise<void>)[] = []
  try {
    const options = readOptions(process.argv.slice(2))
    if (options.help) {
      process.stdout.write(help)
      return 0
    }
    const config = readConfig(process.env)
    const launching = launch({ config, root, output, request, onUndo: (undo) => steps.push(undo) })
    const stopped = aborted(request.stop)
    const launched = await Promise.race([launching, stopped])
    if (launched) {
      process.stdout.write(welcome({ ...launched, dataDir: config.dataDir }))
      if (options.demo) output.say(await runDemo(root, config.dataDir, request.stop))
      await stopped
    }
    // A step that is under way is finished first, so that what it starts is stopped too.
    await launching
    return 0
  } catch (error) {
    if (request.stop.aborted) return 0
    process.stderr.write(`momentry: ${error instanceof Error ? error.message : 'the start failed'}\n`)
    return 1
  } finally {
    if (request.stop.aborted && steps.length > 0) output.say('stopping')
    for (const undo of steps.reverse()) await undo()
    if (request.stop.aborted && steps.length > 0) output.say('stopped')
  }
}

process.exit(await main())
