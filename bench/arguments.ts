import process from 'node:process'
import { parseArgs } from 'node:util'
import type { Part } from './part.ts'
import { parts } from './parts.ts'

const help = () => `Usage: npm run bench -- [PART …] [--rounds N] [--seconds S] [--profile | --smoke]

Measures Momentry against peers and floors, in turn in one run, and writes bench/report.md. Without a PART, all of them:

${parts.map(({ name, title }) => `  ${name.padEnd(20)} ${title}`).join('\n')}

  --rounds N     how often each is measured (5)
  --seconds S    how long a measurement lasts (5)
  --profile      keeps no figure, and draws what Momentry's processes spend their time on as flame graphs in bench/report
  --smoke        only shows that it works: one round, one second, small sizes, and no report

It takes Linux, two cores, and wrk, redis-benchmark and taskset on the path; whatever else it needs it starts by itself.
`

/** Says what is wrong, and ends. */
function refuse(problem: string): never {
  console.error(`bench: ${problem}\n"npm run bench -- --help" tells more`)
  process.exit(2)
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '5' },
        profile: { type: 'boolean', default: false },
        smoke: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'the arguments cannot be read')
  }
}

function whole(name: string, text: string, max: number): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < 1 || number > max) refuse(`--${name} must be a whole number from 1 to ${max}`)
  return number
}

/** What a run is asked for. Ends the process where that cannot be read, or where help is wanted. */
export function readArguments(args: string[]) {
  const { values, positionals } = parse(args)
  if (values.help) {
    console.log(help())
    process.exit(0)
  }
  const unknown = positionals.find((name) => !parts.some((part) => part.name === name))
  if (unknown !== undefined) refuse(`there is no part "${unknown}"`)
  const chosen: Part[] = parts.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  const { smoke, profile } = values
  if (smoke && profile) refuse('--smoke and --profile do not go together')
  return {
    ...{ chosen, smoke, profile },
    rounds: smoke ? 1 : whole('rounds', values.rounds, 100),
    seconds: smoke ? 1 : whole('seconds', values.seconds, 600),
  }
}
