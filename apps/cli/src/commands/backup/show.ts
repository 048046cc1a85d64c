import type { BackupInfo } from '@momentry/shared/backup/info.ts'
import type { Command } from 'commander'
import { withStorage } from '../../backup/open.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { showFields } from '../show-fields.ts'
import { parseNumber, showBytes } from './words.ts'

const columns: readonly TableColumn<BackupInfo['tables'][number]>[] = [
  { title: 'table', value: ({ name }) => name },
  { title: 'rows', value: ({ rows }) => rows, align: 'right' },
  { title: 'size', value: ({ bytes }) => (bytes === null ? '' : showBytes(bytes)), align: 'right' },
  { title: 'sha256', value: ({ sha256 }) => sha256, flexible: true, optional: true },
]

export function addShow(group: Command, open: OpenSession): void {
  group
    .command('show')
    .description('Show what a backup holds.')
    .argument('<number>', "the backup's number", parseNumber)
    .addHelpText('after', examples(['momentry backup show 12']))
    .action(async (number: number, _options: unknown, command: Command) => {
      const session = open(command)
      const { out } = session
      const { showBackup } = await import('@momentry/shared/backup/list.ts')
      await withStorage(session, '', async ({ deps }) => {
        const { tables, ...info } = await showBackup(deps, number)
        if (out.json) return out.document({ ...info, tables })
        showFields(out, { ...info, bytes: showBytes(info.bytes) })
        out.table(columns, tables)
      })
    })
}
