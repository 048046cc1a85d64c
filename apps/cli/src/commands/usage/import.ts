import { type KeyBy, keyByNames } from '@momentry/shared/access-log/key-value.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { usageFailure } from '../../failure.ts'
import { importLog } from '../../import/import-log.ts'
import { parseId, wholeNumber } from '../../input/arguments.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { showImported, showUnreadable } from './show-imported.ts'

const optionsSchema = z.object({
  keyBy: z.enum(keyByNames).optional(),
  key: z.uuid().optional(),
  batch: z.number().optional(),
  retryFor: z.number(),
  maxKeys: z.number(),
  restart: z.boolean().default(false),
})

const about = `
Takes the common and the combined format of Apache and nginx, plain or gzip. Events are sent with their own times, in
order of time. The same command goes on where it was interrupted, and does nothing once it is done; --restart sends
everything again, of which the server counts nothing twice within 24 hours of the first time.`

/** Adds `usage import`. */
export function addImport(group: Command, open: OpenSession): void {
  const byOption = new Option('--key-by <what>', 'make (or find) a key for each value of this').choices(keyByNames)
  group
    .command('import')
    .description("Report the requests of a web server's access log.")
    .argument('<file>', 'the log, or - for standard input')
    .addOption(byOption.conflicts('key'))
    .option('--key <id>', 'report everything to this key', parseId)
    .option('--batch <n>', 'events of a request to the server (default: 1000)', wholeNumber(1, 1000))
    .option('--retry-for <seconds>', 'how long to try again while the server is away', wholeNumber(0, 86_400), 300)
    .option('--max-keys <n>', 'make no more keys than this', wholeNumber(1, 1_000_000), 10_000)
    .option('--restart', 'begin anew, whatever was sent before')
    .addHelpText('after', about)
    .addHelpText(
      'after',
      examples([
        'momentry usage import access.log.gz --key-by user-agent',
        'momentry usage import /var/log/nginx/access.log --key-by path-prefix',
        'zcat access.log.*.gz | momentry usage import - --key 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a',
      ]),
    )
    .action(async (file: string, given: unknown, command: Command) => {
      const options = optionsSchema.parse(given)
      const session = open(command)
      if (file === '-' && session.keyFromInput)
        throw usageFailure('standard input cannot give both the key and the log')
      const target = targetOf(options)
      const imported = await importLog(session, {
        file,
        target,
        batchSize: options.batch,
        retryForMs: options.retryFor * 1000,
        maxKeys: options.maxKeys,
        restart: options.restart,
        onUnreadable: (unreadable) => showUnreadable(session.out, unreadable),
      })
      showImported(session.out, imported)
    })
}

function targetOf({ keyBy, key }: { keyBy?: KeyBy | undefined; key?: string | undefined }) {
  if (keyBy !== undefined) return { keyBy }
  if (key !== undefined) return { keyId: key }
  throw usageFailure('say what tells keys apart (--key-by user-agent), or to which key it belongs (--key ID)')
}
