import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { findSink } from './find.ts'
import { showSink } from './show-sink.ts'

export function addShow(group: Command, open: OpenSession): void {
  group
    .command('show')
    .description('Show an alert sink, never what is secret of it.')
    .argument('<name|id>', 'the sink')
    .addHelpText('after', examples(['momentry alert-sink show "on call"']))
    .action(async (text: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const sink = await findSink(api, text)
      if (out.json) out.document(sink)
      else showSink(out, sink)
    })
}
