import { severities } from '@momentry/shared/anomalies/finding.ts'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import type { QuietHours, SinkRouting } from '../../../api/shapes/alert-sink.ts'
import { usageFailure } from '../../../failure.ts'
import { gather } from '../../../input/arguments.ts'
import { parseDuration } from '../../../input/time.ts'

/** The options that say what reaches a sink, and when. */
export const settingOptionsSchema = z.object({
  minSeverity: z.enum(severities).optional(),
  type: z.array(z.string()).optional(),
  rule: z.array(z.string()).optional(),
  owner: z.array(z.string()).optional(),
  group: z.number().optional(),
  quiet: z.union([z.literal('none'), z.object({ from: z.string(), to: z.string() })]).optional(),
  timeZone: z.string().optional(),
})
export type SettingOptions = z.infer<typeof settingOptionsSchema>

export function addSettingOptions(command: Command): Command {
  return command
    .addOption(new Option('--min-severity <severity>', 'only what is as grave, or graver').choices(severities))
    .option('--type <type>', 'only alerts of a type, such as anomaly.detected; several, or with commas; or any', gather)
    .option('--rule <rule>', 'only anomalies of a rule; several, or with commas; or any', gather)
    .option('--owner <owner>', "only what is about an owner's keys; several, or with commas; or any", gather)
    .option(
      '--group <time>',
      'for how long alerts about the same wait for others: 60s, 5m; 0s for never',
      parseDuration,
    )
    .option('--quiet <hours>', 'when only critical alerts come at once: 22:00-07:00; or none', parseQuiet)
    .option('--time-zone <zone>', 'the time zone of --quiet, such as Europe/Berlin (default: that of this machine)')
}

/** Gives a routing with what the options say; what they do not name stays. */
export function mergeRouting(before: Partial<SinkRouting>, options: SettingOptions): Partial<SinkRouting> {
  const { minSeverity, type, rule, owner } = options
  return {
    ...before,
    ...(minSeverity !== undefined && { minSeverity }),
    ...(type && { types: unlessAny(type) }),
    ...(rule && { rules: unlessAny(rule) }),
    ...(owner && { owners: unlessAny(owner) }),
  }
}

/** Gives the quiet hours that the options name. @returns undefined where they name none, null where there are to be none */
export function quietHoursOf(options: SettingOptions, before: QuietHours | null = null): QuietHours | null | undefined {
  const { quiet, timeZone } = options
  if (quiet === 'none') return null
  const hours = quiet ?? (timeZone === undefined ? undefined : before)
  if (hours === null) throw usageFailure('--time-zone goes with --quiet')
  if (hours === undefined) return undefined
  const zone = timeZone ?? before?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  return { from: hours.from, to: hours.to, timeZone: zone }
}

function unlessAny(names: readonly string[]): string[] {
  return names.includes('any') ? [] : [...names]
}

function parseQuiet(text: string): 'none' | { from: string; to: string } {
  if (text === 'none') return text
  const [, from, to] = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text) ?? []
  if (from === undefined || to === undefined || from === to) throw new InvalidArgumentError('Try 22:00-07:00, or none.')
  return { from, to }
}
