import { leakActions } from '@momentry/shared/keys/fields/policy.ts'
import { quotaRefills } from '@momentry/shared/limits/schemas.ts'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { gather } from '../../../input/arguments.ts'
import { parseDuration } from '../../../input/time.ts'

/** A window of its name; without one, it is to go. */
const rateLimitSchema = z.object({
  name: z.string(),
  window: z.object({ requests: z.number(), windowSeconds: z.number() }).optional(),
})
export type RateLimitOption = z.infer<typeof rateLimitSchema>

/** The options that set what a key may do, as they were read; what was not given is undefined. */
export const limitOptionsSchema = z.object({
  rateLimit: z.array(rateLimitSchema).optional(),
  /** false: `--no-rate-limits`. */
  rateLimits: z.boolean().optional(),
  quota: z.union([z.object({ requests: z.number(), refill: z.enum(quotaRefills) }), z.literal('none')]).optional(),
  allowAddress: z.array(z.string()).optional(),
  anyAddress: z.boolean().optional(),
  throttle: z
    .union([z.object({ requestsPerMinute: z.number(), forSeconds: z.number() }), z.literal('default')])
    .optional(),
  onLeak: z.enum(leakActions).optional(),
})
export type LimitOptions = z.infer<typeof limitOptionsSchema>

/** Adds the options that bound what a key may do. */
export function addLimitOptions(command: Command): Command {
  return command
    .option(
      '--rate-limit <name=100/60s>',
      'at most so many requests within so long; several times; name=none takes one away',
      gatherRateLimit,
    )
    .addOption(new Option('--rate-limits').hideHelp())
    .option('--no-rate-limits', 'take all rate limits away, before --rate-limit adds any')
    .option('--quota <10000/daily>', 'so many requests a day or a month (10000/monthly), UTC; or none', parseQuota)
    .addOption(
      new Option('--allow-address <range>', 'an address or CIDR range from which alone it may be used; several times')
        .argParser(gather)
        .conflicts('anyAddress'),
    )
    .option('--any-address', 'let it be used from anywhere again')
    .option(
      '--throttle <60/15m>',
      'to how many requests a minute, and for how long, --on-anomaly throttle slows it down; or default',
      parseThrottle,
    )
    .addOption(new Option('--on-leak <action>', 'what a proved leak of a secret does to it').choices(leakActions))
}

function gatherRateLimit(text: string, before: readonly RateLimitOption[] = []): RateLimitOption[] {
  const [, name, count, length] = /^([^=]+)=(?:none|(\d{1,10})\/(\w+))$/.exec(text) ?? []
  if (name === undefined) throw new InvalidArgumentError('Try burst=100/60s, or burst=none.')
  if (count === undefined || length === undefined) return [...before, { name, window: undefined }]
  return [...before, { name, window: { requests: Number(count), windowSeconds: parseDuration(length) } }]
}

function parseQuota(text: string) {
  if (text === 'none') return text
  const [, count, word] = /^(\d{1,10})\/(\w+)$/.exec(text) ?? []
  const refill = z.enum(quotaRefills).safeParse(word)
  if (count === undefined || !refill.success) throw new InvalidArgumentError('Try 10000/daily, 10000/monthly or none.')
  return { requests: Number(count), refill: refill.data }
}

function parseThrottle(text: string) {
  if (text === 'default') return text
  const [, count, length] = /^(\d{1,7})\/(\w+)$/.exec(text) ?? []
  if (count === undefined || length === undefined) throw new InvalidArgumentError('Try 60/15m or default.')
  return { requestsPerMinute: Number(count), forSeconds: parseDuration(length) }
}
