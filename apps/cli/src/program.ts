import { Command } from 'commander'
import { addAlertSilenceCommands } from './commands/alert-silence/alert-silence.ts'
import { addAlertSinkCommands } from './commands/alert-sink/alert-sink.ts'
import { addAnomalyCommands } from './commands/anomaly/anomaly.ts'
import { addApiKeyCommands } from './commands/api-key/api-key.ts'
import { addAuditCommands } from './commands/audit/audit.ts'
import { addBackupCommands } from './commands/backup/backup.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { examples } from './commands/examples.ts'
import { addIntegrationCommands } from './commands/integration/integration.ts'
import { addJobCommands } from './commands/job/job.ts'
import { addLeakCommands } from './commands/leak/leak.ts'
import { addLockoutCommands } from './commands/lockout/lockout.ts'
import { addMasterKeyCommands } from './commands/master-key/master-key.ts'
import { addMigrate } from './commands/migrate.ts'
import { addRotationCommands } from './commands/rotation/rotation.ts'
import { addSettingsCommands } from './commands/settings/settings.ts'
import { addUsageCommands } from './commands/usage/usage.ts'
import type { Host } from './host.ts'
import { parseUrl } from './input/arguments.ts'
import { createSessionOpener } from './session.ts'
import { version } from './version.ts'

/** Puts the command line together. @param signal aborts when the command is to stop */
export function createProgram(host: Host, signal: AbortSignal): Command {
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
  addApiKeyCommands(program, open)
  addRotationCommands(program, open)
  addIntegrationCommands(program, open)
  addAnomalyCommands(program, open)
  addAlertSilenceCommands(program, open)
  addAlertSinkCommands(program, open)
  addUsageCommands(program, open)
  addJobCommands(program, open)
  addLockoutCommands(program, open)
  addSettingsCommands(program, open)
  addLeakCommands(program, open)
  addAuditCommands(program, open)
  addDemo(program, open)
  addBackupCommands(program, open)
  addMasterKeyCommands(program, open)
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
