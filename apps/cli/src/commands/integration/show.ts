import type { Command } from 'commander'
import { credentialSchema } from '../../api/shapes/integration.ts'
import { parseId } from '../../input/arguments.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { showCredential } from './show-credential.ts'
import { type CliSystem, pathOf } from './systems.ts'

export function addShow(group: Command, open: OpenSession, system: CliSystem): void {
  group
    .command('show')
    .description(`Show a tracked ${system.noun}, never its value.`)
    .argument('<id>', `the ${system.noun}'s id at Momentry`, parseId)
    .addHelpText('after', examples([`momentry ${system.name} show 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a`]))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const credential = await api.call(credentialSchema, { method: 'GET', path: `${pathOf(system)}/${id}` })
      if (out.json) out.document(credential)
      else showCredential(out, credential)
    })
}
