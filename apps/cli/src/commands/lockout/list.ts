import type { Command } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../api/pages.ts'
import { wholeNumber } from '../../input/arguments.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { listOutput, maxListed } from '../list-output.ts'

const optionsSchema = z.object({ limit: z.number() })

const lockoutSchema = z.looseObject({
  address: z.string(),
  failures: z.number().nullable(),
  endsAt: z.string().max(40),
})

const columns: readonly TableColumn<z.infer<typeof lockoutSchema>>[] = [
  { title: 'address', value: ({ address }) => address },
  { title: 'failures', value: ({ failures }) => failures, align: 'right' },
  { title: 'free again', value: ({ endsAt }) => endsAt.slice(0, 19).replace('T', ' ') },
]

export function addList(group: Command, open: OpenSession): void {
  group
    .command('list')
    .description('List the addresses that are locked out, over all processes.')
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 100)
    .addHelpText('after', examples(['momentry lockout list', 'momentry lockout list --json']))
    .action(async (options: unknown, command: Command) => {
      const { limit } = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const { api } = await connect()
      listOutput(out, columns, 'addresses', await firstItems(api, lockoutSchema, { path: '/v1/lockouts', limit }))
    })
}
