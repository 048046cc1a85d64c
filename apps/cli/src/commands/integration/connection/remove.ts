import type { Command } from 'commander'
import { z } from 'zod'
import { anyObjectSchema } from '../../../api/shapes.ts'
import { printable } from '../../../output/printable.ts'
import type { OpenSession } from '../../../session.ts'
import { examples } from '../../examples.ts'
import type { CliSystem } from '../systems.ts'
import { connectionsPath, findConnection } from './find.ts'

/** Adds `disconnect`: forgets a stored account. */
export function addDisconnect(group: Command, open: OpenSession, system: CliSystem): void {
  const { title, collection, name: command } = system
  group
    .command('disconnect')
    .description(`Forget a stored account. Its ${collection} stay on ${title}.`)
    .argument('<name|id>', 'the connection')
    .option('--force', `also where ${collection} are rotated and expired by it, which then ends`)
    .addHelpText('after', examples([`momentry ${command} disconnect ops`]))
    .action(async (text: string, given: unknown, command: Command) => {
      const { force } = z.object({ force: z.boolean().default(false) }).parse(given)
      const { out, connect } = open(command)
      const { api } = await connect()
      const { id, name } = await findConnection(api, system, text)
      await api.call(z.union([anyObjectSchema, z.undefined()]), {
        method: 'DELETE',
        path: `${connectionsPath}/${id}`,
        query: { force: String(force) },
      })
      if (out.json) out.document({ id, removed: true })
      else out.line(`Forgot ${printable(name)}.`)
    })
}
