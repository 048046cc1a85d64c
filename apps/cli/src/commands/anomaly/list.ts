import { anomalyStates, severities } from '@momentry/shared/anomalies/finding.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../api/pages.ts'
import { type Anomaly, anomalySchema } from '../../api/shapes.ts'
import { parseId, wholeNumber } from '../../input/arguments.ts'
import { parseMoment } from '../../input/time.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { listOutput, maxListed } from '../list-output.ts'

const optionsSchema = z.object({
  state: z.string().optional(),
  rule: z.string().optional(),
  severity: z.string().optional(),
  key: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  limit: z.number(),
})

const columns: readonly TableColumn<Anomaly>[] = [
  { title: 'id', value: (anomaly) => anomaly.id },
  { title: 'window ends', value: (anomaly) => anomaly.window.end.slice(0, 19).replace('T', ' '), optional: true },
  { title: 'severity', value: (anomaly) => anomaly.severity },
  { title: 'rule', value: (anomaly) => anomaly.rule },
  { title: 'state', value: (anomaly) => anomaly.state, optional: true },
  { title: 'key', value: (anomaly) => anomaly.keyName, flexible: true },
  { title: 'explanation', value: (anomaly) => anomaly.explanation, flexible: true, optional: true },
]

export function addList(group: Command, open: OpenSession): void {
  group
    .command('list')
    .description('List anomalies, the newest first.')
    .addOption(new Option('--state <state>', 'in this state').choices(anomalyStates))
    .option('--rule <rule>', 'found by this rule, such as high_request_rate')
    .addOption(new Option('--severity <severity>', 'of this severity').choices(severities))
    .option('--key <id>', 'of this key', parseId)
    .option(
      '--from <time>',
      'found from when on: 2026-01-31, 2026-01-31T12:00:00Z, or how long ago: 24h, 7d',
      parseMoment,
    )
    .option('--to <time>', 'found before', parseMoment)
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 100)
    .addHelpText(
      'after',
      examples(['momentry anomaly list --state open --severity critical', 'momentry anomaly list --from 24h --json']),
    )
    .action(async (options: unknown, command: Command) => {
      const { key, limit, ...filters } = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const { api } = await connect()
      const query = { ...filters, keyId: key }
      listOutput(
        out,
        columns,
        'anomalies',
        await firstItems(api, anomalySchema, { path: '/v1/anomalies', query, limit }),
      )
    })
}
