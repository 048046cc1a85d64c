import type { Command } from 'commander'
import { z } from 'zod'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'
import { printable } from '../../output/printable.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { findSink, sinksPath } from './find.ts'

export function addDelete(group: Command, open: OpenSession): void {
  group
    .command('delete')
    .description('Delete an alert sink, with what waits to be sent to it.')
    .argument('<name|id>', 'the sink')
    .option('-y, --yes', 'do not ask (it is only asked on a terminal)')
    .addHelpText('after', examples(['momentry alert-sink delete "on call"']))
    .action(async (text: string, given: unknown, command: Command) => {
      const { yes } = z.object({ yes: z.boolean().default(false) }).parse(given)
      const { out, input, connect } = open(command)
      const { api } = await connect()
      const { id, name } = await findSink(api, text)
      if (!yes && input.canAsk && !(await input.confirm(`Delete "${printable(name)}"? What waits for it is not sent.`)))
        throw new CliFailure(exitCodes.failed, 'nothing was deleted')
      await api.call(z.unknown(), { method: 'DELETE', path: `${sinksPath}/${id}` })
      if (out.json) out.document({ id, deleted: true })
      else out.line(`Deleted ${printable(name)}.`)
    })
}
