import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { z } from 'zod'
import { usageFailure } from '../../failure.ts'
import { parseId } from '../../input/arguments.ts'
import { parseDeadline, parseDuration } from '../../input/time.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { silenceSchema, tellMatch } from './silence.ts'

const optionsSchema = z.object({
  key: z.string().optional(),
  rule: z.string().optional(),
  owner: z.string().optional(),
  type: z.string().optional(),
  from: z.string().optional(),
  for: z.number(),
  reason: z.string().optional(),
})

export function addCreate(group: Command, open: OpenSession): void {
  group
    .command('create')
    .description('Keep alerts that match all of what is named from alert sinks for a time.')
    .option('--key <id>', 'about this key', parseId)
    .option('--rule <rule>', 'of this rule, such as high_request_rate')
    .option('--owner <owner>', 'about what belongs to this owner')
    .option('--type <type>', 'of this type, such as rotation.unclaimed')
    .requiredOption('--for <time>', 'for how long: 90m, 2h, 7d', parseDuration)
    .option('--from <time>', 'from when on: 2026-01-31T12:00:00Z, or in how long: 2h (default: now)', parseDeadline)
    .option('--reason <text>', 'why, for the others')
    .addHelpText(
      'after',
      examples([
        'momentry alert-silence create --owner team-payments --for 2h --reason "load test"',
        'momentry alert-silence create --rule unusual_time --from 2026-01-31 --for 1d',
      ]),
    )
    .action(async (options: unknown, command: Command) => {
      const { key: keyId, from: startsAt, for: forSeconds, ...rest } = optionsSchema.parse(options)
      if ([keyId, rest.rule, rest.owner, rest.type].every((match) => match === undefined))
        throw usageFailure('name what is to be silent: --key, --rule, --owner or --type')
      const { out, connect } = open(command)
      const { api } = await connect()
      const silence = await api.call(silenceSchema, {
        method: 'POST',
        path: '/v1/alert-silences',
        idempotencyKey: randomUUID(),
        body: { keyId, startsAt, forSeconds, ...rest },
      })
      if (out.json) out.document(silence)
      else out.line(`Silence ${silence.id}: ${tellMatch(silence)}, until ${silence.endsAt}.`)
    })
}
