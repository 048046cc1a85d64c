import { randomUUID } from 'node:crypto'
import { keyTypes } from '@momentry/shared/keys/kinds.ts'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { createdKeySchema } from '../../api/shapes.ts'
import { gather } from '../../input/arguments.ts'
import { readPublicKey } from '../../input/key-file.ts'
import { parseDeadline } from '../../input/time.ts'
import { printable } from '../../output/printable.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { mergePolicy } from './policy/merge.ts'
import { addPolicyOptions, policyOptionsSchema } from './policy/options.ts'

const optionsSchema = policyOptionsSchema.extend({
  name: z.string(),
  type: z.enum(keyTypes),
  owner: z.string().optional(),
  scope: z.array(z.string()).optional(),
  expires: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  publicKey: z.string().optional(),
})

/** Adds `api-key create`. The secret is in its result and can never be shown again. */
export function addCreate(group: Command, open: OpenSession): void {
  const command = group
    .command('create')
    .description('Issue a key. Its secret is shown this once.')
    .requiredOption('--name <text>', 'what the key is for')
    .addOption(new Option('--type <type>', 'the type of key').choices(keyTypes).default('service'))
    .option('--owner <id>', 'who or what holds it')
    .option('--scope <scope>', 'a scope that it gets; can be given several times, or with commas', gather)
    .option(
      '--expires <time>',
      'when it expires: 2026-12-31, 2026-12-31T12:00:00Z, or from now: 12h, 90d',
      parseDeadline,
    )
    .option('--metadata <name=value>', 'something to remember with it; can be given several times', pair)
  addPolicyOptions(command)
    .addHelpText(
      'after',
      examples([
        'momentry api-key create --name billing --scope usage:write,keys:validate',
        'momentry api-key create --name "on call" --type emergency --expires 4h',
        'momentry api-key create --name ci --json | jq -r .key',
        'momentry api-key create --name worker --rotate-every 30d --grace 2h --on-anomaly rotate',
        'momentry api-key create --name partner --rate-limit burst=100/60s --quota 10000/daily --allow-address 203.0.113.0/24',
      ]),
    )
    .action(async (options: unknown, command: Command) => {
      const { name, type, owner, scope, expires, metadata, publicKey, ...policy } = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const fields = {
        ...{ name, type, ownerId: owner, scopes: scope, expiresAt: expires, metadata },
        policy: mergePolicy({}, policy),
        publicKey: publicKey && (await readPublicKey(publicKey)),
      }
      const { api } = await connect()
      const created = await api.call(createdKeySchema, {
        method: 'POST',
        path: '/v1/keys',
        body: fields,
        idempotencyKey: randomUUID(),
      })
      if (out.json) return out.document(created)
      out.line(`id      ${created.id}`)
      out.line(`name    ${printable(created.name)}`)
      out.line(`type    ${created.type}`)
      out.line(`secret  ${out.style('bold', created.key)}`)
      out.note('Keep the secret now: Momentry stores only its digest and cannot show it again.')
    })
}

function pair(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It is not of the form name=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
