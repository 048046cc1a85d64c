import { type Command, Option } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../api/pages.ts'
import { type Sink, sinkSchema } from '../../api/shapes/alert-sink.ts'
import { wholeNumber } from '../../input/arguments.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { listOutput, maxListed } from '../list-output.ts'
import { sinksPath } from './find.ts'
import { targetOf } from './show-sink.ts'

const optionsSchema = z.object({ kind: z.string().optional(), state: z.string().optional(), limit: z.number() })

const columns: readonly TableColumn<Sink>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'name', value: ({ name }) => name, flexible: true },
  { title: 'kind', value: ({ kind }) => kind },
  { title: 'sends to', value: targetOf, flexible: true },
  { title: 'from', value: ({ routing }) => routing.minSeverity },
  { title: 'state', value: ({ state }) => state },
  { title: 'why', value: ({ stateReason }) => stateReason, flexible: true, optional: true },
]

export function addList(group: Command, open: OpenSession): void {
  group
    .command('list')
    .description('List alert sinks, the newest first.')
    .addOption(new Option('--kind <kind>', 'only these').choices(['webhook', 'slack', 'email', 'pagerduty']))
    .addOption(new Option('--state <state>', 'only these').choices(['active', 'paused', 'disabled']))
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 100)
    .addHelpText('after', examples(['momentry alert-sink list', 'momentry alert-sink list --state disabled --json']))
    .action(async (given: unknown, command: Command) => {
      const { limit, ...query } = optionsSchema.parse(given)
      const { out, connect } = open(command)
      const { api } = await connect()
      listOutput(out, columns, 'alert sinks', await firstItems(api, sinkSchema, { path: sinksPath, query, limit }))
    })
}
