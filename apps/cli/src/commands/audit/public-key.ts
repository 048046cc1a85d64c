import type { Command } from 'commander'
import { z } from 'zod'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

const publicKeySchema = z.looseObject({ keyId: z.string(), key: z.string() })

export function addPublicKey(group: Command, open: OpenSession): void {
  group
    .command('public-key')
    .description('Show the public key that exports are verified by: give it to your auditors, apart from any export.')
    .addHelpText('after', examples(['momentry audit public-key > audit.pub']))
    .action(async (_options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const shown = await api.call(publicKeySchema, { method: 'GET', path: '/v1/audit/public-key' })
      if (out.json) return out.document(shown)
      out.line(shown.key)
      out.note(`key ${shown.keyId}`)
    })
}
