import type { Command } from 'commander'
import { path } from '../../api/client.ts'
import { rotationSchema } from '../../api/shapes/rotation.ts'
import { parseId } from '../../input/arguments.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

export function addCancel(group: Command, open: OpenSession): void {
  group
    .command('cancel')
    .description('Cancel a rotation that is still queued. The secret stays as it is.')
    .argument('<id>', "the rotation's id", parseId)
    .addHelpText('after', examples(['momentry rotation cancel 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a']))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const rotation = await api.call(rotationSchema, {
        method: 'POST',
        path: `${path`/v1/rotations/${id}`}/cancel`,
      })
      if (out.json) out.document(rotation)
      else out.line(`Cancelled ${id}.`)
    })
}
