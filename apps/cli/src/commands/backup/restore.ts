import { resolve } from 'node:path'
import type { Restored } from '@momentry/shared/backup/restore.ts'
import type { Command } from 'commander'
import { z } from 'zod'
import { noteInAudit } from '../../backup/note.ts'
import { withDatabase } from '../../backup/open.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure, usageFailure } from '../../failure.ts'
import type { Output } from '../../output/output.ts'
import type { OpenSession, Session } from '../../session.ts'
import { examples } from '../examples.ts'
import { parseNumber } from './words.ts'

const optionsSchema = z.object({
  file: z.string().min(1).optional(),
  replace: z.boolean().default(false),
  yes: z.boolean().default(false),
})

/** A backup's number, or the path of a document of format 1. */
type Source = number | { file: string }

export function addRestore(group: Command, open: OpenSession): void {
  group
    .command('restore')
    .description('Put the database back to what a backup holds: whole, or not at all.')
    .argument('[number]', "the backup's number", parseNumber)
    .option('--file <path>', 'a document of format 1, wherever it lies, in place of a number')
    .option('--replace', 'also where the database holds keys: all that came after the backup is lost')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
Best while nothing else runs on the database: processes that do wait until it is done, and hear then that every key may
have changed. A backup of an older schema is migrated, one of a newer refused. It needs the master key it was made under.
${examples(['momentry backup restore 12', 'momentry backup restore 12 --replace', 'momentry backup restore --file old.json'])}`,
    )
    .action(async (number: number | undefined, options: unknown, command: Command) => {
      const { file, replace, yes } = optionsSchema.parse(options)
      const source = sourceOf(number, file)
      const session = open(command)
      const { out } = session
      const { restoreBackup } = await import('@momentry/shared/backup/restore.ts')
      await withDatabase(session, 'restoring', async ({ deps }) => {
        await warn(out, deps.databaseUrl)
        if (replace && !yes) await confirm(session, source)
        const restored = await restoreBackup(deps, source, { replace })
        await noteInAudit(deps, { action: 'backup.restored', after: { ...restored } })
        if (out.json) out.document(restored)
        else tell(out, source, restored)
      })
    })
}

/** Says what it means to those who work with the database just now. */
async function warn(out: Output, databaseUrl: string): Promise<void> {
  const { findProcesses } = await import('@momentry/shared/backup/jobs/processes.ts')
  const running = await findProcesses(databaseUrl)
  if (running.length === 0) return
  const names = running.map(({ name, connections }) => `${name} (${connections} connections)`).join(', ')
  out.note(`Still running on this database: ${names}. They wait until it is done, and may fail requests meanwhile.`)
}

function tell(out: Output, source: Source, { rows, migratedFrom, skipped }: Restored): void {
  const migrated = migratedFrom === null ? '' : `, migrated from schema version ${migratedFrom}`
  out.line(`The database is as ${describe(source)} has it: ${rows} rows${migrated}.`)
  if (skipped.length > 0) out.note(`Left out, since they are none of Momentry's: ${skipped.join(', ')}`)
}

function sourceOf(number: number | undefined, file: string | undefined): Source {
  if (number !== undefined && file === undefined) return number
  if (number === undefined && file !== undefined) return { file: resolve(file) }
  throw usageFailure('name what to restore: either the number of a backup, or --file')
}

function describe(source: Source): string {
  return typeof source === 'number' ? `backup ${source}` : source.file
}

async function confirm({ input }: Session, source: Source): Promise<void> {
  if (!input.canAsk) throw usageFailure('replacing what the database holds has to be confirmed: add --yes')
  const question = `Put everything back to ${describe(source)}? All that came after it is lost, keys and their revocation included.`
  if (!(await input.confirm(question))) throw new CliFailure(exitCodes.failed, 'nothing was restored')
}
