import type { Command } from 'commander'
import { z } from 'zod'
import { credentialSchema } from '../../api/shapes/integration.ts'
import { usageFailure } from '../../failure.ts'
import { parseId } from '../../input/arguments.ts'
import { parseDeadline } from '../../input/time.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { findConnection } from './connection/find.ts'
import { addPolicyOptions, mergePolicy, policyOptionsSchema } from './policy-options.ts'
import { showCredential } from './show-credential.ts'
import { type CliSystem, pathOf } from './systems.ts'

const optionsSchema = policyOptionsSchema.extend({
  connection: z.string().optional(),
  expires: z.string().optional(),
})

/** Adds `update`: how a credential is looked after. What is not named stays. */
export function addUpdate(group: Command, open: OpenSession, system: CliSystem): void {
  const { noun, title, name: command } = system
  const update = group
    .command('update')
    .description(`Change how a ${noun} is looked after; what is not named stays. Nothing is sent to ${title}.`)
    .argument('<id>', `the ${noun}'s id at Momentry`, parseId)
    .option('--connection <name|id>', 'the stored account that acts for it; or none')
    .option('--expires <time>', 'when it ends: 2026-12-31, 90d; or never', (text) =>
      text === 'never' ? text : parseDeadline(text),
    )
  addPolicyOptions(update, noun)
    .addHelpText(
      'after',
      examples([
        `momentry ${command} update 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --connection ops --rotate-every 30d --grace 2h`,
        `momentry ${command} update 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --hand-over hook:deploy`,
      ]),
    )
    .action(async (id: string, given: unknown, command: Command) => {
      const { connection, expires, ...policy } = optionsSchema.parse(given)
      const isPolicy = Object.values(policy).some((value) => value !== undefined)
      if (connection === undefined && expires === undefined && !isPolicy)
        throw usageFailure('say what is to be changed')
      const { out, connect } = open(command)
      const { api } = await connect()
      const path = `${pathOf(system)}/${id}`
      const before = await api.call(credentialSchema, { method: 'GET', path })
      const updated = await api.call(credentialSchema, {
        method: 'PATCH',
        path,
        body: {
          ...(isPolicy && { policy: mergePolicy(before.policy, policy) }),
          ...(expires !== undefined && { expiresAt: expires === 'never' ? null : expires }),
          ...(connection !== undefined && {
            connectionId: connection === 'none' ? null : (await findConnection(api, system, connection)).id,
          }),
        },
      })
      if (out.json) out.document(updated)
      else showCredential(out, updated)
    })
}
