import { severities } from '@momentry/shared/anomalies/finding.ts'
import { anomalyActions } from '@momentry/shared/keys/fields/policy.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { parseDuration } from '../../../input/time.ts'
import { addLimitOptions, limitOptionsSchema } from './limit-options.ts'

/** The options that set a key's policy, as they were read; what was not given is undefined. */
export const policyOptionsSchema = limitOptionsSchema.extend({
  rotateEvery: z.union([z.number(), z.enum(['never', 'default'])]).optional(),
  grace: z.union([z.number(), z.literal('default')]).optional(),
  onAnomaly: z.enum(anomalyActions).optional(),
  minSeverity: z.enum(severities).optional(),
  dryRun: z.boolean().optional(),
})
export type PolicyOptions = z.infer<typeof policyOptionsSchema>

/** Adds the options that `api-key create` and `api-key update` have in common. */
export function addPolicyOptions(command: Command): Command {
  command
    .option(
      '--rotate-every <duration>',
      'rotate it by schedule: 12h, 30d; never; or default, what its type has',
      durationOr('never', 'default'),
    )
    .option(
      '--grace <duration>',
      'how long a superseded secret still works: 2h; or default, what its type has',
      durationOr('default'),
    )
    .addOption(new Option('--on-anomaly <action>', 'what an anomaly does to it').choices(anomalyActions))
    .addOption(new Option('--min-severity <severity>', 'from which severity on it is done').choices(severities))
    .option('--dry-run', 'only tell what an anomaly would do')
    .option('--no-dry-run', 'do it')
    .option('--public-key <file>', publicKeyHelp)
  return addLimitOptions(command)
}

const publicKeyHelp =
  "the holder's public key (PEM; X25519, or RSA from 2048 bits on), to which new secrets are encrypted"

function durationOr(...words: readonly string[]): (text: string) => number | string {
  return (text) => (words.includes(text) ? text : parseDuration(text))
}
