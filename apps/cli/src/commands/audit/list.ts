import type { Command } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../api/pages.ts'
import { auditRowSchema } from '../../api/shapes.ts'
import { parseId, wholeNumber } from '../../input/arguments.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { listOutput, maxListed } from '../list-output.ts'

const optionsSchema = z.object({ key: z.string().optional(), action: z.string().optional(), limit: z.number() })

const columns: readonly TableColumn<z.infer<typeof auditRowSchema>>[] = [
  { title: 'seq', value: (row) => row.seq, align: 'right' },
  { title: 'at', value: (row) => row.at.slice(0, 19).replace('T', ' ') },
  { title: 'action', value: (row) => row.action },
  { title: 'key', value: (row) => row.keyId },
  { title: 'by', value: (row) => row.actorKeyId ?? 'Momentry', optional: true },
  { title: 'reason', value: (row) => row.reason, flexible: true, optional: true },
]

export function addList(group: Command, open: OpenSession): void {
  group
    .command('list')
    .description('List what was done, the newest first.')
    .option('--key <id>', 'to this key', parseId)
    .option('--action <action>', 'this action, such as key.revoked')
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 100)
    .addHelpText('after', examples(['momentry audit list --limit 20', 'momentry audit list --json']))
    .action(async (options: unknown, command: Command) => {
      const { key, action, limit } = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const { api } = await connect()
      const query = { keyId: key, action }
      listOutput(out, columns, 'rows', await firstItems(api, auditRowSchema, { path: '/v1/audit', query, limit }))
    })
}
