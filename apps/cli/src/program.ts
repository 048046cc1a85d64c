import { Command } from 'commander'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { examples } from './commands/examples.ts'
import { commandGroups } from './commands/groups.ts'
import { addMigrate } from './commands/migrate.ts'
import type { Host } from './host.ts'
import { parseUrl } from './input/arguments.ts'
import { createSessionOpener } from './session.ts'
import { version } from './version.ts'

/**
 * Puts the command line together, with the commands of those groups that are named in it.
 * @param args what was typed after `momentry`
 * @param signal aborts when the command is to stop
 */
export async function createProgram(args: readonly string[], host: Host, signal: AbortSignal): Promise<Command> {
  const program = new Command('momentry')
    .description('Issues, checks, watches and rotates API keys.')
    .version(version)
    .option('--json', 'print results as JSON, for programs')
    .option('--url <url>', 'the server (MOMENTRY_URL; default: the one that runs on the data directory)', parseUrl)
    .option('--data-dir <dir>', 'the data directory (MOMENTRY_DATA_DIR; default: .momentry)')
    .option('--key-stdin', 'read the API key from standard input (default: MOMENTRY_API_KEY, then credentials.json)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
    })
    .showHelpAfterError('(add --help for how it is used)')
    .exitOverride()
    .addHelpText('after', exitCodeHelp)
  const open = createSessionOpener(host, signal)
  for (const { name, about, load } of commandGroups) {
    const group = program.command(name).description(about)
    // The value of an option may be the same word; then a group is loaded for nothing.
    if (args.includes(name)) (await load())(group, open)
  }
  addDemo(program, open)
  addMigrate(program, open)
  addDoctor(program, open)
  program.addHelpText(
    'after',
    examples(['momentry api-key create --name billing --type service', 'momentry anomaly watch', 'momentry demo']),
  )
  return program
}

const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 not found, 4 refused (key or scope), 5 server not reachable.`
