import type { Command } from 'commander'
import { z } from 'zod'
import { path } from '../../../api/client.ts'
import { keySchema, limitsSchema } from '../../../api/shapes.ts'
import { exitCodes } from '../../../exit-codes.ts'
import { CliFailure } from '../../../failure.ts'
import { parseId } from '../../../input/arguments.ts'
import { printable } from '../../../output/printable.ts'
import type { OpenSession } from '../../../session.ts'
import { examples } from '../../examples.ts'
import { showLimits } from './show-limits.ts'

const optionsSchema = z.object({ reset: z.boolean().default(false), yes: z.boolean().default(false) })

/** Adds `api-key limits`. */
export function addLimits(group: Command, open: OpenSession): void {
  group
    .command('limits')
    .description('Show what a key has left of its rate limits and its quota; nothing is spent by that.')
    .argument('<id>', "the key's id", parseId)
    .option('--reset', 'let it begin anew: nothing counts as used any more, and no anomaly slows it down')
    .option('-y, --yes', 'do not ask (it is only asked on a terminal)')
    .addHelpText('after', '\nWhat a server process has reserved for requests to come counts as used.')
    .addHelpText(
      'after',
      examples([
        'momentry api-key limits 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a',
        'momentry api-key limits 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --reset',
      ]),
    )
    .action(async (id: string, options: unknown, command: Command) => {
      const { reset, yes } = optionsSchema.parse(options)
      const { out, input, connect } = open(command)
      const { api } = await connect()
      if (reset && !yes && input.canAsk) {
        const { name } = await api.call(keySchema, { method: 'GET', path: path`/v1/keys/${id}` })
        if (!(await input.confirm(`Let "${printable(name)}" begin anew?`)))
          throw new CliFailure(exitCodes.failed, 'nothing was reset')
      }
      if (reset) await api.call(z.undefined(), { method: 'POST', path: path`/v1/keys/${id}/limits/reset` })
      const left = await api.call(limitsSchema, { method: 'GET', path: path`/v1/keys/${id}/limits` })
      if (out.json) return out.document(left)
      if (left.limits.length === 0) out.line('This key has no limits.')
      else showLimits(out, left.limits)
      if (left.throttledUntil !== null) out.line(`An anomaly slows it down until ${left.throttledUntil}.`)
    })
}
