import type { Command } from 'commander'
import { z } from 'zod'
import { withStorage } from '../../backup/open.ts'
import { wholeNumber } from '../../input/arguments.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({
  daily: z.number().optional(),
  weekly: z.number().optional(),
  dryRun: z.boolean().default(false),
})

export function addPrune(group: Command, open: OpenSession): void {
  group
    .command('prune')
    .description('Remove backups that are not kept: of each of the last days and weeks the newest stays.')
    .option('--daily <n>', 'days (default: BACKUP_KEEP_DAILY)', wholeNumber(0, 3650))
    .option('--weekly <n>', 'weeks (default: BACKUP_KEEP_WEEKLY)', wholeNumber(0, 520))
    .option('--dry-run', 'only tell what would be removed')
    .addHelpText('after', examples(['momentry backup prune --dry-run', 'momentry backup prune --daily 7 --weekly 4']))
    .action(async (options: unknown, command: Command) => {
      const { daily, weekly, dryRun } = optionsSchema.parse(options)
      const session = open(command)
      const { out } = session
      const { pruneBackups } = await import('@momentry/shared/backup/prune.ts')
      await withStorage(session, '', async ({ deps, keep }) => {
        const pruned = await pruneBackups(
          deps,
          { daily: daily ?? keep.daily, weekly: weekly ?? keep.weekly },
          { dryRun },
        )
        if (out.json) return out.document({ dryRun, ...pruned })
        const word = dryRun ? 'Would remove' : 'Removed'
        out.line(`${word} ${list(pruned.removed)}; kept ${list(pruned.kept)}.`)
        if (pruned.abandoned.length > 0) out.line(`${word} what was never finished: ${list(pruned.abandoned)}.`)
      })
    })
}

function list(numbers: readonly number[]): string {
  return numbers.length === 0 ? 'none' : numbers.join(', ')
}
