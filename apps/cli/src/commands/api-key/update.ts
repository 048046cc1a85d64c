import { type Command, Option } from 'commander'
import { z } from 'zod'
import { path } from '../../api/client.ts'
import { keySchema } from '../../api/shapes.ts'
import { usageFailure } from '../../failure.ts'
import { gather, parseId } from '../../input/arguments.ts'
import { readPublicKey } from '../../input/key-file.ts'
import { parseDeadline } from '../../input/time.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { mergePolicy } from './policy/merge.ts'
import { addPolicyOptions, policyOptionsSchema } from './policy/options.ts'

const optionsSchema = policyOptionsSchema.extend({
  name: z.string().optional(),
  scope: z.array(z.string()).optional(),
  expires: z.string().optional(),
  enable: z.boolean().optional(),
  disable: z.boolean().optional(),
  publicKey: z.string().optional(),
})

/** Adds `api-key update`. */
export function addUpdate(group: Command, open: OpenSession): void {
  const command = group
    .command('update')
    .description('Change a key. What is not named stays as it is.')
    .argument('<id>', "the key's id", parseId)
    .option('--name <text>', 'what the key is for')
    .option('--scope <scope>', 'the scopes that it has from now on; several times, or with commas', gather)
    .option('--expires <time>', 'when it expires: 2026-12-31, or from now: 12h, 90d; or never', deadlineOrNever)
    .addOption(new Option('--enable', 'let it be used again').conflicts('disable'))
    .option('--disable', 'let it not be used until it is enabled')
  addPolicyOptions(command)
    .addHelpText('after', '\n`--public-key none` takes the public key away. The owner and the type cannot be changed.')
    .addHelpText(
      'after',
      examples([
        'momentry api-key update 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --rotate-every 30d --grace 2h',
        'momentry api-key update 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --on-anomaly rotate --min-severity critical',
        'momentry api-key update 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --rate-limit burst=200/60s --quota none',
        'momentry api-key update 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --disable',
      ]),
    )
    .action(async (id: string, given: unknown, command: Command) => {
      const options = optionsSchema.parse(given)
      if (Object.keys(options).length === 0) throw usageFailure('say what to change: --help lists it')
      const { out, connect } = open(command)
      const fields = await fieldsOf(options)
      const { api } = await connect()
      const key = { path: path`/v1/keys/${id}` }
      const before = await api.call(keySchema, { method: 'GET', ...key })
      const body = { ...fields, policy: mergePolicy(before.policy ?? {}, options) }
      const changed = await api.call(keySchema, { method: 'PATCH', ...key, body })
      if (out.json) return out.document(changed)
      out.line(`Updated ${id}.`)
      if (changed.nextRotationAt) out.line(`The next rotation is due at ${changed.nextRotationAt}.`)
    })
}

/** Gives what is to change beside the policy; undefined stays as it is. */
async function fieldsOf({ name, scope, expires, enable, disable, publicKey }: z.infer<typeof optionsSchema>) {
  return {
    name,
    scopes: scope,
    expiresAt: expires === 'never' ? null : expires,
    enabled: disable ? false : enable,
    publicKey: publicKey === 'none' ? null : publicKey && (await readPublicKey(publicKey)),
  }
}

function deadlineOrNever(text: string): string {
  return text === 'never' ? text : parseDeadline(text)
}
