import type { Command } from 'commander'
import { z } from 'zod'
import { path } from '../../api/client.ts'
import { parseId } from '../../input/arguments.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

export function addEnd(group: Command, open: OpenSession): void {
  group
    .command('end')
    .description('End a silence now.')
    .argument('<id>', "the silence's id", parseId)
    .addHelpText('after', examples(['momentry alert-silence end 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a']))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      await api.call(z.unknown(), { method: 'DELETE', path: path`/v1/alert-silences/${id}` })
      if (out.json) out.document({ ended: id })
      else out.line(`Silence ${id} has ended.`)
    })
}
