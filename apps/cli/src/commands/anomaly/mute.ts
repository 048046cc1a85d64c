import type { Command } from 'commander'
import { z } from 'zod'
import { path } from '../../api/client.ts'
import { anomalySchema } from '../../api/shapes.ts'
import { parseId } from '../../input/arguments.ts'
import { parseDuration } from '../../input/time.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({ for: z.number(), reason: z.string().optional() })

/** Adds `anomaly mute`. */
export function addMute(group: Command, open: OpenSession): void {
  group
    .command('mute')
    .description("Keep what the anomaly's rule finds about its key from alert sinks for a time.")
    .argument('<id>', "the anomaly's id", parseId)
    .requiredOption('--for <time>', 'for how long from now on: 90m, 2h, 7d', parseDuration)
    .option('--reason <text>', 'why, for the others')
    .addHelpText(
      'after',
      examples(['momentry anomaly mute 6f1c7a52-91aa-5d0a-9a43-0c2f64f7be11 --for 2h --reason "load test"']),
    )
    .action(async (id: string, options: unknown, command: Command) => {
      const { for: forSeconds, reason } = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const { api } = await connect()
      const anomaly = await api.call(anomalySchema, {
        method: 'POST',
        path: path`/v1/anomalies/${id}/mute`,
        body: { forSeconds, ...(reason !== undefined && { reason }) },
      })
      if (out.json) out.document(anomaly)
      else out.line(`Muted ${anomaly.rule} of ${anomaly.keyName} until ${anomaly.mutedUntil}.`)
    })
}
