import type { Command } from 'commander'
import { z } from 'zod'
import { noteInAudit } from '../../backup/note.ts'
import { withDatabase } from '../../backup/open.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { showBytes } from './words.ts'

const optionsSchema = z.object({ reason: z.string().max(500).optional() })

export function addCreate(group: Command, open: OpenSession): void {
  group
    .command('create')
    .description('Make a backup of the whole database as it is now, while it is in use.')
    .option('--reason <text>', 'why, for whoever looks at it later')
    .addHelpText('after', examples(['momentry backup create --reason "before the upgrade"']))
    .action(async (options: unknown, command: Command) => {
      const { reason = null } = optionsSchema.parse(options)
      const session = open(command)
      const { createBackup } = await import('@momentry/shared/backup/create.ts')
      await withDatabase(session, 'backing up', async ({ deps }) => {
        const made = await createBackup(deps, { reason })
        const { number, rows, bytes } = made
        await noteInAudit(deps, { action: 'backup.created', after: { number, rows, bytes } })
        if (session.out.json) return session.out.document(made)
        session.out.line(`Backup ${number}: ${rows} rows, ${showBytes(bytes)}, in ${deps.storage.describe()}`)
      })
    })
}
