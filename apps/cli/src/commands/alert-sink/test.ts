import type { Command } from 'commander'
import { sinkTestSchema } from '../../api/shapes/alert-sink.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'
import { printable } from '../../output/printable.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { findSink, sinksPath } from './find.ts'

/** Adds `alert-sink test`: exit code 0 only if it arrived. */
export function addTest(group: Command, open: OpenSession): void {
  group
    .command('test')
    .description('Send a test to an alert sink now, and tell how it went: exit code 0 only if it arrived.')
    .argument('<name|id>', 'the sink')
    .addHelpText('after', examples(['momentry alert-sink test "on call"']))
    .action(async (text: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const { id, name } = await findSink(api, text)
      const tested = await api.call(sinkTestSchema, { method: 'POST', path: `${sinksPath}/${id}/test` })
      const { delivered, status, error, durationMs } = tested
      if (out.json) out.document(tested)
      if (!delivered) throw new CliFailure(exitCodes.failed, `the test did not arrive: ${error ?? 'nobody knows why'}`)
      const answer = status === undefined ? '' : `, which answered with ${status}`
      if (!out.json) out.line(`The test arrived at ${printable(name)}${answer}, after ${durationMs} ms.`)
    })
}
