import { demoLimits } from '@momentry/shared/demo/generate.ts'
import type { Command } from 'commander'
import { z } from 'zod'
import { wholeNumber } from '../input/arguments.ts'
import type { OpenSession } from '../session.ts'
import { examples } from './examples.ts'

const optionsSchema = z.object({
  seed: z.number(),
  keys: z.number(),
  days: z.number(),
  follow: z.boolean(),
  live: z.boolean().default(false),
})
const { keys, days } = demoLimits

/** Adds `demo`. */
export function addDemo(program: Command, open: OpenSession): void {
  program
    .command('demo')
    .description(
      'Show the whole way: makes keys, reports weeks of made-up usage with planted anomalies, and prints the alerts.',
    )
    .option('--seed <n>', 'the same seed makes the same traffic', wholeNumber(0, 2_147_483_647), 1)
    .option('--keys <n>', `how many keys, ${keys.least} to ${keys.most}`, wholeNumber(keys.least, keys.most), 24)
    .option('--days <n>', `how many days, ${days.least} to ${days.most}`, wholeNumber(days.least, days.most), 21)
    .option('--live', 'then go on: validate with the keys, with every outcome there is, until Ctrl-C')
    .option('--no-follow', 'only report the usage: print no alerts and do not wait for them')
    .addHelpText('after', '\nExit code 0 only if every planted anomaly was found (or with --no-follow).')
    .addHelpText('after', examples(['momentry demo', 'momentry demo --seed 7 --keys 8 --days 16 --json']))
    .action(async (options: unknown, command: Command) => {
      const { runDemo } = await import('../demo/run-demo.ts')
      await runDemo(open(command), optionsSchema.parse(options))
    })
}
