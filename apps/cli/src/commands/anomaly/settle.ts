import type { Command } from 'commander'
import { z } from 'zod'
import { path } from '../../api/client.ts'
import { anomalySchema } from '../../api/shapes.ts'
import { parseId } from '../../input/arguments.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({ note: z.string().optional() })

const verbs = [
  { verb: 'acknowledge', done: 'Acknowledged', description: 'Say that somebody looks after an anomaly.' },
  { verb: 'resolve', done: 'Resolved', description: 'Say that an anomaly is dealt with.' },
] as const

/** Adds `anomaly acknowledge` and `anomaly resolve`. */
export function addSettle(group: Command, open: OpenSession): void {
  for (const { verb, done, description } of verbs) {
    group
      .command(verb)
      .description(description)
      .argument('<id>', "the anomaly's id", parseId)
      .option('--note <text>', 'what there is to say about it')
      .addHelpText(
        'after',
        examples([`momentry anomaly ${verb} 6f1c7a52-91aa-5d0a-9a43-0c2f64f7be11 --note "load test"`]),
      )
      .action(async (id: string, options: unknown, command: Command) => {
        const { note } = optionsSchema.parse(options)
        const { out, connect } = open(command)
        const { api } = await connect()
        const anomaly = await api.call(anomalySchema, {
          method: 'POST',
          path: `${path`/v1/anomalies/${id}`}/${verb}`,
          body: note === undefined ? {} : { note },
        })
        if (out.json) out.document(anomaly)
        else out.line(`${done} ${anomaly.id}.`)
      })
  }
}
