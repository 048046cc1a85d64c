import { keyTypes } from '@momentry/shared/keys/kinds.ts'
import { keyStatuses } from '@momentry/shared/keys/status.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../api/pages.ts'
import { type Key, keySchema } from '../../api/shapes.ts'
import { wholeNumber } from '../../input/arguments.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { listOutput, maxListed } from '../list-output.ts'

const optionsSchema = z.object({
  type: z.string().optional(),
  status: z.string().optional(),
  owner: z.string().optional(),
  search: z.string().optional(),
  limit: z.number(),
})

const columns: readonly TableColumn<Key>[] = [
  { title: 'id', value: (key) => key.id },
  { title: 'name', value: (key) => key.name, flexible: true },
  { title: 'type', value: (key) => key.type },
  { title: 'status', value: (key) => key.status },
  { title: 'owner', value: (key) => key.ownerId, flexible: true, optional: true },
  { title: 'last used', value: (key) => key.lastUsedAt?.slice(0, 16).replace('T', ' '), optional: true },
  { title: 'next rotation', value: (key) => key.nextRotationAt?.slice(0, 16).replace('T', ' '), optional: true },
]

export function addList(group: Command, open: OpenSession): void {
  group
    .command('list')
    .description('List keys, never their secrets.')
    .addOption(new Option('--type <type>', 'of this type').choices(keyTypes))
    .addOption(new Option('--status <status>', 'in this state').choices(keyStatuses))
    .option('--owner <id>', 'of this owner')
    .option('--search <text>', 'with this text in the name')
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 100)
    .addHelpText(
      'after',
      examples(['momentry api-key list --search googlebot', 'momentry api-key list --type system --json']),
    )
    .action(async (options: unknown, command: Command) => {
      const { type, status, owner, search, limit } = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const { api } = await connect()
      const query = { type, status, owner, text: search }
      listOutput(out, columns, 'keys', await firstItems(api, keySchema, { path: '/v1/keys', query, limit }))
    })
}
