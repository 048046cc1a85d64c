import type { Command } from 'commander'
import { z } from 'zod'
import { sinkSchema } from '../../api/shapes/alert-sink.ts'
import { usageFailure } from '../../failure.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { findSink, sinksPath } from './find.ts'
import { addSettingOptions, mergeRouting, quietHoursOf, settingOptionsSchema } from './settings/settings.ts'
import { addTargetOptions, readTarget, targetOptionsSchema } from './settings/target.ts'
import { showSink } from './show-sink.ts'

const optionsSchema = z.object({
  name: z.string().optional(),
  ...targetOptionsSchema.shape,
  ...settingOptionsSchema.shape,
})

/** Adds `alert-sink update`: what is not named stays. */
export function addUpdate(group: Command, open: OpenSession): void {
  const command = group
    .command('update')
    .description(
      'Change an alert sink; what is not named stays. Its kind stays, too, and so does the secret of a webhook.',
    )
    .argument('<name|id>', 'the sink')
    .option('--name <text>', 'what people call it')
  addSettingOptions(addTargetOptions(command))
    .addHelpText(
      'after',
      examples([
        'momentry alert-sink update "on call" --min-severity critical --quiet none',
        'momentry alert-sink update deploy --webhook https://hooks.example.com/v2 --rule any',
      ]),
    )
    .action(async (text: string, given: unknown, command: Command) => {
      const options = optionsSchema.parse(given)
      if (!Object.values(options).some((value) => value !== undefined && value !== false))
        throw usageFailure('say what is to be changed')
      const { out, input, connect } = open(command)
      const { api } = await connect()
      const before = await findSink(api, text)
      const quietHours = quietHoursOf(options, before.quietHours)
      const target = await readTarget(input, options)
      const { minSeverity, type, rule, owner } = options
      const isRouting = [minSeverity, type, rule, owner].some((value) => value !== undefined)
      const updated = await api.call(sinkSchema, {
        method: 'PATCH',
        path: `${sinksPath}/${before.id}`,
        body: {
          ...(options.name !== undefined && { name: options.name }),
          ...(target !== undefined && { target }),
          ...(isRouting && { routing: mergeRouting(before.routing, options) }),
          ...(options.group !== undefined && { groupSeconds: options.group }),
          ...(quietHours !== undefined && { quietHours }),
        },
      })
      if (out.json) out.document(updated)
      else showSink(out, updated)
    })
}
