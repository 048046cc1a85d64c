import type { Command } from 'commander'
import { z } from 'zod'
import { withDatabase } from '../../backup/open.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure, usageFailure } from '../../failure.ts'
import type { OpenSession, Session } from '../../session.ts'
import { examples } from '../examples.ts'
import { parseNumber } from './words.ts'

const optionsSchema = z.object({ replace: z.boolean().default(false), yes: z.boolean().default(false) })

export function addRestore(group: Command, open: OpenSession): void {
  group
    .command('restore')
    .description('Put the database back to what a backup holds: whole, or not at all.')
    .argument('<number>', "the backup's number", parseNumber)
    .option('--replace', 'also where the database holds keys: all that came after the backup is lost')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
Best while nothing else runs on the database: processes that do wait until it is done, and hear then that every key may
have changed. A backup of an older schema is migrated, one of a newer refused. It needs the master key it was made under.
${examples(['momentry backup restore 12', 'momentry backup restore 12 --replace'])}`,
    )
    .action(async (number: number, options: unknown, command: Command) => {
      const { replace, yes } = optionsSchema.parse(options)
      const session = open(command)
      const { out } = session
      if (replace && !yes) await confirm(session, number)
      const { restoreBackup } = await import('@momentry/shared/backup/restore.ts')
      await withDatabase(session, 'restoring', async ({ deps }) => {
        const restored = await restoreBackup(deps, number, { replace })
        if (out.json) return out.document(restored)
        const { rows, migratedFrom } = restored
        const migrated = migratedFrom === null ? '' : `, migrated from schema version ${migratedFrom}`
        out.line(`The database is as backup ${number} has it: ${rows} rows${migrated}.`)
      })
    })
}

async function confirm({ input }: Session, number: number): Promise<void> {
  if (!input.canAsk) throw usageFailure('replacing what the database holds has to be confirmed: add --yes')
  const question = `Put everything back to backup ${number}? All that came after it is lost, keys and their revocation included.`
  if (!(await input.confirm(question))) throw new CliFailure(exitCodes.failed, 'nothing was restored')
}
