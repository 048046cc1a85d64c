import type { BackupInfo } from '@momentry/shared/backup/info.ts'
import type { Command } from 'commander'
import { withStorage } from '../../backup/open.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { showBytes } from './words.ts'

const columns: readonly TableColumn<BackupInfo>[] = [
  { title: 'number', value: ({ number }) => number, align: 'right' },
  { title: 'made (UTC)', value: ({ createdAt }) => createdAt.slice(0, 19).replace('T', ' ') },
  { title: 'rows', value: ({ rows }) => rows, align: 'right' },
  { title: 'size', value: ({ bytes }) => showBytes(bytes), align: 'right' },
  { title: 'schema', value: ({ schemaVersion }) => schemaVersion, align: 'right', optional: true },
  { title: 'format', value: ({ format }) => format, align: 'right', optional: true },
  { title: 'reason', value: ({ reason }) => reason, flexible: true, optional: true },
]

export function addList(group: Command, open: OpenSession): void {
  group
    .command('list')
    .description('List backups, the newest first. What was never finished, or is damaged, is told apart.')
    .addHelpText('after', examples(['momentry backup list', 'momentry backup list --json']))
    .action(async (_options: unknown, command: Command) => {
      const session = open(command)
      const { out } = session
      const { listBackups } = await import('@momentry/shared/backup/list.ts')
      await withStorage(session, '', async ({ deps }) => {
        const list = await listBackups(deps)
        if (out.json) return out.document({ storage: deps.storage.describe(), ...list })
        if (list.backups.length === 0) out.note(`There are no backups in ${deps.storage.describe()}.`)
        else out.table(columns, list.backups)
        for (const number of list.unfinished) out.note(`Backup ${number} was never finished, or is under way.`)
        for (const { number, reason } of list.damaged) out.note(`Backup ${number} is damaged: ${reason}`)
      })
    })
}
