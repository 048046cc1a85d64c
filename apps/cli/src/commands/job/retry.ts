import type { Command } from 'commander'
import { path } from '../../api/client.ts'
import { anyObjectSchema } from '../../api/shapes.ts'
import { parseId } from '../../input/arguments.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

export function addRetry(group: Command, open: OpenSession): void {
  group
    .command('retry')
    .description('Queue a failed job again, once what it failed of is out of the way.')
    .argument('<id>', "the job's id", parseId)
    .addHelpText('after', examples(['momentry job retry 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a']))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const job = await api.call(anyObjectSchema, { method: 'POST', path: `${path`/v1/jobs/${id}`}/retry` })
      if (out.json) out.document(job)
      else out.line(`Queued ${id} again.`)
    })
}
