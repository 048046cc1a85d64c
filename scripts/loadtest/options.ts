import { parseArgs } from 'node:util'
import { z } from 'zod'

export const help = `Puts a bounded load on a running Momentry, and shows how it answers.

Usage: npm run loadtest -- [options]

  --url URL          where it runs (MOMENTRY_URL, or what runs on the data directory)
  --mode MODE        validate, usage, or mixed: nine validations and one report of their nine uses (mixed)
  --rate N           requests a second, over all connections (50; at most 20000)
  --duration S       seconds (10; at most 600)
  --connections N    at a time (10; at most 1000)
  --keys N           service keys that are made for it, and revoked at its end (10; at most 1000)
  --json             the summary as JSON
  --allow-remote     also where it is not this machine
  --help             shows this

The API key that makes the keys is MOMENTRY_API_KEY, or the first one of the data directory; it needs keys:write, and usage:write
but for --mode validate. The keys are named "loadtest …", and no anomaly is raised about their rate. Ctrl-C ends it early and
revokes them all the same. Exit code: 0, 1 where an answer was no 2xx or did not come, 2 where it could not begin.
`

const whole = (fallback: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(max))
    .default(fallback)

const optionsSchema = z.object({
  help: z.boolean().default(false),
  url: z.url({ protocol: /^https?$/ }).optional(),
  mode: z.enum(['validate', 'usage', 'mixed']).default('mixed'),
  rate: whole(50, 20_000),
  duration: whole(10, 600),
  connections: whole(10, 1_000),
  keys: whole(10, 1_000),
  json: z.boolean().default(false),
  'allow-remote': z.boolean().default(false),
})

export type LoadOptions = z.output<typeof optionsSchema>

/** Reads the command line. @throws Error, one line for people, for what is not known or out of bounds */
export function readOptions(args: readonly string[]): LoadOptions {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ url: text, mode: text, rate: text, duration: text, connections: text, keys: text },
      ...{ json: flag, 'allow-remote': flag, help: { ...flag, short: 'h' } },
    },
  })
  const parsed = optionsSchema.safeParse(values)
  if (parsed.success) return parsed.data
  throw new Error(parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; '))
}
