import type { Command } from 'commander'
import { sinkSchema } from '../../api/shapes/alert-sink.ts'
import { printable } from '../../output/printable.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { findSink, sinksPath } from './find.ts'

const changes = {
  pause: {
    state: 'paused',
    description: 'Send nothing to an alert sink for now. What comes meanwhile is not sent later: the log has it.',
    done: (name: string) => `Paused ${name}.`,
  },
  resume: {
    state: 'active',
    description: 'Send to an alert sink again, also where it was disabled since its receiver was gone.',
    done: (name: string) => `${name} gets alerts again.`,
  },
} as const

/** Adds `alert-sink pause` and `alert-sink resume`. */
export function addPauseAndResume(group: Command, open: OpenSession): void {
  for (const verb of ['pause', 'resume'] as const) {
    const { state, description, done } = changes[verb]
    group
      .command(verb)
      .description(description)
      .argument('<name|id>', 'the sink')
      .addHelpText('after', examples([`momentry alert-sink ${verb} "on call"`]))
      .action(async (text: string, _options: unknown, command: Command) => {
        const { out, connect } = open(command)
        const { api } = await connect()
        const { id } = await findSink(api, text)
        const request = { method: 'PATCH', path: `${sinksPath}/${id}`, body: { state } } as const
        const sink = await api.call(sinkSchema, request)
        if (out.json) out.document(sink)
        else out.line(done(printable(sink.name)))
      })
  }
}
