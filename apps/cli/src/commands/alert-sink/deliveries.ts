import { type Command, Option } from 'commander'
import { z } from 'zod'
import { path } from '../../api/client.ts'
import { firstItems } from '../../api/pages.ts'
import { type Delivery, deliverySchema } from '../../api/shapes/alert-sink.ts'
import { parseId, wholeNumber } from '../../input/arguments.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { listOutput, maxListed } from '../list-output.ts'
import { findSink, sinksPath } from './find.ts'

const optionsSchema = z.object({ state: z.string().optional(), limit: z.number() })

const columns: readonly TableColumn<Delivery>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'made', value: ({ createdAt }) => shortTime(createdAt) },
  { title: 'state', value: ({ state }) => state },
  { title: 'tries', value: ({ attempts }) => attempts, align: 'right' },
  { title: 'next try', value: ({ nextAttemptAt }) => shortTime(nextAttemptAt), optional: true },
  { title: 'tells of', value: ({ summary }) => summary, flexible: true },
  { title: 'error', value: ({ lastError }) => lastError, flexible: true, optional: true },
]

/** Adds `alert-sink deliveries` and `alert-sink redeliver`. */
export function addDeliveries(group: Command, open: OpenSession): void {
  group
    .command('deliveries')
    .description('List the messages to an alert sink, the newest first.')
    .argument('<name|id>', 'the sink')
    .addOption(new Option('--state <state>', 'only these').choices(['waiting', 'delivered', 'failed']))
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 50)
    .addHelpText('after', examples(['momentry alert-sink deliveries "on call" --state failed']))
    .action(async (text: string, given: unknown, command: Command) => {
      const { limit, ...query } = optionsSchema.parse(given)
      const { out, connect } = open(command)
      const { api } = await connect()
      const { id } = await findSink(api, text)
      const request = { path: `${sinksPath}/${id}/deliveries`, query, limit }
      listOutput(out, columns, 'messages', await firstItems(api, deliverySchema, request))
    })
  group
    .command('redeliver')
    .description('Send a message to an alert sink again. It has the same id as before, by which a receiver can tell.')
    .argument('<id>', "the message's id", parseId)
    .addHelpText('after', examples(['momentry alert-sink redeliver 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a']))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const request = { method: 'POST', path: path`/v1/alert-deliveries/${id}/redeliver` } as const
      const delivery = await api.call(deliverySchema, request)
      if (out.json) out.document(delivery)
      else out.line(`Queued ${id} again.`)
    })
}

function shortTime(time: string | null | undefined): string | undefined {
  return time?.slice(0, 19).replace('T', ' ')
}
