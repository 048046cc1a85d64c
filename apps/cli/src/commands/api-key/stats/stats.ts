import { type Command, Option } from 'commander'
import { z } from 'zod'
import { path } from '../../../api/client.ts'
import { statsSchema } from '../../../api/shapes.ts'
import { parseId } from '../../../input/arguments.ts'
import { parseMoment } from '../../../input/time.ts'
import type { OpenSession } from '../../../session.ts'
import { examples } from '../../examples.ts'
import { drawSeries } from './draw-series.ts'

const optionsSchema = z.object({
  from: z.string().optional(),
  to: z.string().optional(),
  interval: z.string().optional(),
})

export function addStats(group: Command, open: OpenSession): void {
  group
    .command('stats')
    .description("Show a key's usage: requests, errors, addresses, and how they went over time.")
    .argument('<id>', "the key's id", parseId)
    .option('--from <time>', 'from when: 2026-01-31, 2026-01-31T12:00:00Z, or how long ago: 24h, 7d', parseMoment)
    .option('--to <time>', 'to when', parseMoment)
    .addOption(new Option('--interval <interval>', 'how fine').choices(['minute', 'hour', 'day']))
    .addHelpText(
      'after',
      examples([
        'momentry api-key stats 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --from 7d --interval day',
        'momentry api-key stats 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --from 2015-05-17 --to 2015-05-21 --interval hour',
      ]),
    )
    .action(async (id: string, options: unknown, command: Command) => {
      const query = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const { api } = await connect()
      const stats = await api.call(statsSchema, { method: 'GET', path: path`/v1/keys/${id}/stats`, query })
      if (out.json) return out.document(stats)
      const { requests, errors, addresses } = stats.totals
      const share = requests === 0 ? '' : ` (${Math.round((errors / requests) * 1000) / 10} %)`
      out.line(`${stats.from} to ${stats.to}, by ${stats.interval}`)
      out.line(`requests ${requests}, errors ${errors}${share}, addresses ${addresses}`)
      for (const line of drawSeries(stats, out.width)) out.line(line)
    })
}
