import { silenceStates } from '@momentry/shared/alerts/silences/schemas.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../api/pages.ts'
import { parseId, wholeNumber } from '../../input/arguments.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { listOutput, maxListed } from '../list-output.ts'
import { type Silence, silenceSchema, tellMatch } from './silence.ts'

const optionsSchema = z.object({ state: z.string().optional(), key: z.string().optional(), limit: z.number() })

const minute = (time: string) => time.slice(0, 16).replace('T', ' ')
const columns: readonly TableColumn<Silence>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'state', value: ({ state }) => state },
  { title: 'covers', value: tellMatch, flexible: true },
  { title: 'from', value: ({ startsAt }) => minute(startsAt), optional: true },
  { title: 'until', value: ({ endsAt }) => minute(endsAt) },
  { title: 'reason', value: ({ reason }) => reason, flexible: true, optional: true },
]

export function addList(group: Command, open: OpenSession): void {
  group
    .command('list')
    .description('List silences, the newest first.')
    .addOption(new Option('--state <state>', 'in this state').choices(silenceStates))
    .option('--key <id>', 'of this key', parseId)
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 100)
    .addHelpText('after', examples(['momentry alert-silence list --state active']))
    .action(async (options: unknown, command: Command) => {
      const { state, key: keyId, limit } = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const { api } = await connect()
      const found = await firstItems(api, silenceSchema, { path: '/v1/alert-silences', query: { state, keyId }, limit })
      listOutput(out, columns, 'silences', found)
    })
}
