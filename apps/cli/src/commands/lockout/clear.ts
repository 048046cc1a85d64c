import type { Command } from 'commander'
import { z } from 'zod'
import { path } from '../../api/client.ts'
import { usageFailure } from '../../failure.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

const clearedSchema = z.looseObject({ cleared: z.number() })

export function addClear(group: Command, open: OpenSession): void {
  group
    .command('clear')
    .description('Free an address, and forget its failed attempts, in every process.')
    .argument('[address]', 'an IPv4 or IPv6 address; of IPv6 its whole /64 is freed')
    .option('--all', 'free every address')
    .addHelpText('after', examples(['momentry lockout clear 203.0.113.7', 'momentry lockout clear --all']))
    .action(async (address: string | undefined, options: { all?: boolean }, command: Command) => {
      if ((address === undefined) === (options.all !== true)) throw usageFailure('name an address, or --all')
      const { out, connect } = open(command)
      const { api } = await connect()
      if (address === undefined) {
        const { cleared } = await api.call(clearedSchema, { method: 'DELETE', path: '/v1/lockouts' })
        if (out.json) return out.document({ cleared })
        return out.line(`Freed ${cleared} ${cleared === 1 ? 'address' : 'addresses'}.`)
      }
      await api.call(z.unknown(), { method: 'DELETE', path: path`/v1/lockouts/${address}` })
      if (out.json) out.document({ cleared: 1 })
      else out.line(`${address} is free again.`)
    })
}
