import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { CredentialPolicy } from '../../api/shapes/integration.ts'
import { parseDuration } from '../../input/time.ts'
import { tellDuration } from '../../output/duration.ts'

const handOverSchema = z.union([
  z.object({ type: z.literal('claim') }),
  z.object({ type: z.literal('hook'), name: z.string() }),
  z.object({ type: z.literal('webhook'), url: z.string() }),
])
type HandOver = z.infer<typeof handOverSchema>

/** The options that say how a credential is rotated; what was not given is undefined. */
export const policyOptionsSchema = z.object({
  rotateEvery: z.union([z.number(), z.literal('never')]).optional(),
  grace: z.number().optional(),
  handOver: handOverSchema.optional(),
})
export type PolicyOptions = z.infer<typeof policyOptionsSchema>

/** Adds the options that `create` and `update` have in common. */
export function addPolicyOptions(command: Command, noun: string): Command {
  return command
    .option(
      '--rotate-every <duration>',
      'rotate it by schedule: 12h, 30d; or never (takes a connection)',
      durationOrNever,
    )
    .option('--grace <duration>', `how long the old ${noun} stays after a rotation: 2h; 24h at the most`, parseDuration)
    .option('--hand-over <way>', 'how a new one reaches its user: claim, hook:NAME or webhook:URL', parseHandOver)
}

function durationOrNever(text: string): number | 'never' {
  return text === 'never' ? 'never' : parseDuration(text)
}

/** Reads how a new credential is handed over. @throws InvalidArgumentError */
export function parseHandOver(text: string): HandOver {
  if (text === 'claim') return { type: 'claim' }
  const [, type, target = ''] = /^(hook|webhook):(.+)$/.exec(text) ?? []
  if (type === 'hook') return { type, name: target }
  if (type === 'webhook') return { type, url: target }
  throw new InvalidArgumentError('Try claim, hook:NAME or webhook:https://host/path.')
}

/** Puts what was given into a policy; what was not given stays as it is. */
export function mergePolicy(
  before: CredentialPolicy,
  { rotateEvery, grace, handOver }: PolicyOptions,
): CredentialPolicy {
  return {
    ...before,
    ...(rotateEvery !== undefined && { intervalSeconds: rotateEvery === 'never' ? null : rotateEvery }),
    ...(grace !== undefined && { graceSeconds: grace }),
    ...(handOver !== undefined && { handOver }),
  }
}

/** Tells a policy in one line; undefined where it says nothing. */
export function tellPolicy({ intervalSeconds, graceSeconds, handOver }: CredentialPolicy): string | undefined {
  const parts = [
    intervalSeconds ? `every ${tellDuration(intervalSeconds)}` : undefined,
    graceSeconds == null ? undefined : `grace ${tellDuration(graceSeconds)}`,
    handOver && handOver.type !== 'claim' ? `${handOver.type} ${handOver.name ?? handOver.url ?? ''}` : undefined,
  ].filter((part) => part !== undefined)
  return parts.length > 0 ? parts.join(', ') : undefined
}
