import type { TableDiff } from '@momentry/shared/backup/diff.ts'
import type { Command } from 'commander'
import { withStorage } from '../../backup/open.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { parseNumber } from './words.ts'

const columns: readonly TableColumn<TableDiff>[] = [
  { title: 'table', value: ({ name }) => name },
  { title: 'before', value: ({ rowsBefore }) => rowsBefore, align: 'right' },
  { title: 'after', value: ({ rowsAfter }) => rowsAfter, align: 'right' },
  { title: 'added', value: ({ added }) => added, align: 'right' },
  { title: 'removed', value: ({ removed }) => removed, align: 'right' },
  { title: 'changed', value: ({ changed }) => changed, align: 'right' },
  { title: 'such as', value: ({ samples }) => samples[0], flexible: true, optional: true },
]

export function addDiff(group: Command, open: OpenSession): void {
  group
    .command('diff')
    .description('Tell what changed from one backup to another, table by table.')
    .argument('<before>', "the earlier backup's number", parseNumber)
    .argument('<after>', "the later backup's number", parseNumber)
    .addHelpText('after', examples(['momentry backup diff 11 12']))
    .action(async (before: number, after: number, _options: unknown, command: Command) => {
      const session = open(command)
      const { out } = session
      const { diffBackups } = await import('@momentry/shared/backup/diff.ts')
      await withStorage(session, 'comparing', async ({ deps }) => {
        const diffs = await diffBackups(deps, before, after)
        if (out.json) return out.document({ before, after, tables: diffs })
        const changed = diffs.filter(({ added, removed, changed }) => added + removed + changed > 0)
        if (changed.length === 0) return out.line(`Backups ${before} and ${after} hold the same.`)
        out.table(columns, changed)
      })
    })
}
