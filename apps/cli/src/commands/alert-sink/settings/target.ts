import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { usageFailure } from '../../../failure.ts'
import { gather, parseUrl } from '../../../input/arguments.ts'
import type { StandardInput } from '../../../input/standard-input.ts'

/** The options that say where a sink sends. */
export const targetOptionsSchema = z.object({
  webhook: z.string().optional(),
  slack: z.boolean().default(false),
  email: z.array(z.string()).optional(),
  pagerduty: z.boolean().default(false),
  pagerdutyUrl: z.string().optional(),
  secretFile: z.string().optional(),
})
export type TargetOptions = z.infer<typeof targetOptionsSchema>

/** Longer than any URL or key that is one. */
const maxCharacters = 4000

export function addTargetOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--webhook <url>', 'a webhook (Standard Webhooks)')
        .argParser(parseUrl)
        .conflicts(['slack', 'email', 'pagerduty', 'secretFile']),
    )
    .addOption(
      new Option('--slack', 'an incoming webhook of Slack; its URL is a secret').conflicts(['email', 'pagerduty']),
    )
    .addOption(
      new Option('--email <address>', 'people; can be given several times, or with commas')
        .argParser(gather)
        .conflicts(['pagerduty', 'secretFile']),
    )
    .option('--pagerduty', 'a service of PagerDuty; its routing key is a secret')
    .addOption(
      new Option(
        '--pagerduty-url <url>',
        'where its events go, in place of the US: https://events.eu.pagerduty.com/v2/enqueue',
      )
        .argParser(parseUrl)
        .implies({ pagerduty: true }),
    )
    .option(
      '--secret-file <file>',
      "read Slack's URL or PagerDuty's routing key from a file, in place of standard input",
    )
}

/**
 * Makes a target of the options. What is secret of it is asked for, or comes from a file or from standard input: never an
 * argument, since those are listed and kept in a shell's history.
 * @returns undefined where no option names one
 */
export async function readTarget(input: StandardInput, options: TargetOptions): Promise<object | undefined> {
  const { webhook, slack, email, pagerduty, pagerdutyUrl, secretFile } = options
  if (webhook !== undefined) return { kind: 'webhook', url: webhook }
  if (email !== undefined) return { kind: 'email', to: email }
  if (slack) return { kind: 'slack', url: await readSecret(input, secretFile, "URL of Slack's webhook") }
  if (pagerduty) {
    const routingKey = await readSecret(input, secretFile, 'routing key of PagerDuty')
    return { kind: 'pagerduty', routingKey, ...(pagerdutyUrl !== undefined && { url: pagerdutyUrl }) }
  }
  if (secretFile !== undefined) throw usageFailure('--secret-file goes with --slack or --pagerduty')
  return undefined
}

async function readSecret(input: StandardInput, file: string | undefined, label: string): Promise<string> {
  if (file === undefined) return await input.readSecret(label)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw usageFailure(`cannot read ${file}${code}`)
  })
  const secret = text.trim()
  if (secret === '' || secret.length > maxCharacters || /\s/.test(secret))
    throw usageFailure(`${file} holds no ${label}`)
  return secret
}
