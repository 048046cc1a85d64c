import { createPublicKey, hash } from 'node:crypto'
import type { Command } from 'commander'
import { path } from '../../api/client.ts'
import { keySchema } from '../../api/shapes.ts'
import { parseId } from '../../input/arguments.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { showFields } from '../show-fields.ts'
import { tellPolicy } from './limits/tell-policy.ts'

export function addGet(group: Command, open: OpenSession): void {
  group
    .command('get')
    .description('Show a key, never its secret.')
    .argument('<id>', "the key's id", parseId)
    .addHelpText('after', examples(['momentry api-key get 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a']))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const key = await api.call(keySchema, { method: 'GET', path: path`/v1/keys/${id}` })
      if (out.json) out.document(key)
      else {
        const { policy, ...rest } = key
        showFields(out, { ...rest, publicKey: key.publicKey && tellPublicKey(key.publicKey), ...tellPolicy(policy) })
      }
    })
}

/** Tells a public key in one line: its type, and the digest by which people compare it. */
function tellPublicKey(pem: string): string {
  try {
    const key = createPublicKey(pem)
    const digest = hash('sha256', key.export({ type: 'spki', format: 'der' }), 'hex')
    return `${key.asymmetricKeyType}, SHA-256 ${digest}`
  } catch {
    return pem
  }
}
