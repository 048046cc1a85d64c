import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { z } from 'zod'
import { sinkWithSecretSchema } from '../../api/shapes/alert-sink.ts'
import { usageFailure } from '../../failure.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { sinksPath } from './find.ts'
import { addSettingOptions, mergeRouting, quietHoursOf, settingOptionsSchema } from './settings/settings.ts'
import { addTargetOptions, readTarget, targetOptionsSchema } from './settings/target.ts'
import { showSink } from './show-sink.ts'

const optionsSchema = z.object({ name: z.string(), ...targetOptionsSchema.shape, ...settingOptionsSchema.shape })

/** Adds `alert-sink create`. A webhook's secret is in its result and can never be shown again. */
export function addCreate(group: Command, open: OpenSession): void {
  const command = group
    .command('create')
    .description('Have alerts sent to a webhook, to Slack, by e-mail or to PagerDuty.')
    .requiredOption('--name <text>', 'what people call it')
  addSettingOptions(addTargetOptions(command))
    .addHelpText(
      'after',
      examples([
        'momentry alert-sink create --name deploy --webhook https://hooks.example.com/momentry',
        'momentry alert-sink create --name chat --slack --secret-file slack-url --min-severity medium --quiet 22:00-07:00',
        'momentry alert-sink create --name payments --email ada@example.com --owner team-payments --group 5m',
        'momentry alert-sink create --name "on call" --pagerduty --min-severity high < routing-key',
      ]),
    )
    .action(async (given: unknown, command: Command) => {
      const options = optionsSchema.parse(given)
      const { webhook, slack, email, pagerduty } = options
      if (webhook === undefined && !slack && email === undefined && !pagerduty)
        throw usageFailure('say where alerts go: --webhook, --slack, --email or --pagerduty')
      const quietHours = quietHoursOf(options)
      const { out, input, connect } = open(command)
      const { api } = await connect()
      const body = {
        name: options.name,
        target: await readTarget(input, options),
        routing: mergeRouting({}, options),
        ...(options.group !== undefined && { groupSeconds: options.group }),
        ...(quietHours !== undefined && { quietHours }),
      }
      const request = { method: 'POST', path: sinksPath, body, idempotencyKey: randomUUID() } as const
      const created = await api.call(sinkWithSecretSchema, request)
      if (out.json) return out.document(created)
      const { secret, ...sink } = created
      showSink(out, sink, secret)
      out.note(`Try it: momentry alert-sink test ${sink.id}`)
    })
}
